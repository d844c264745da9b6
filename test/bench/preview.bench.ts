/**
 * An unchanged `npm run preview` of the stack that is up, drift looked for on every machine, against the preview of a
 * Pulumi program that declares nothing: what is left is this project's own share.
 */
import { command, compare } from "./comparison";
import { EmptyProgram } from "./empty";

const ROUNDS = 5;
const preview = ["npm", "run", "-s", "preview"];

interface Plan {
  readonly changeSummary?: Readonly<Record<string, number>>;
}

async function expectUnchanged(): Promise<void> {
  const plan = await command([...preview, "--", "--json"]);
  const { changeSummary = {} } = JSON.parse(plan) as Plan;
  const changes = Object.keys(changeSummary).filter((op) => op !== "same");
  if (changes.length === 0) return;
  throw new Error(
    `preview: got changes (${changes.join(", ")}); expected none. Run npm run up first.`,
  );
}

async function main(): Promise<void> {
  await expectUnchanged();
  const empty = new EmptyProgram();
  await empty.make();
  await compare("unchanged preview", ROUNDS, [
    { name: "empty program", run: () => empty.preview() },
    { name: "this stack", run: () => command(preview) },
  ]);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
