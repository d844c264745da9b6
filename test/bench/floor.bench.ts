/**
 * What Pulumi itself takes for an unchanged preview of so many resources that do nothing, and how much of the rest is
 * this project's adapter.
 */
import { compare } from "./comparison";
import { Floor } from "./floor";

const SIZES = [10, 100, 1000, 3000] as const;
const ROUNDS = 3;

async function main(): Promise<void> {
  for (const size of SIZES) {
    const bare = await Floor.make("bare", size);
    const adapter = await Floor.make("adapter", size);
    try {
      await compare(`unchanged preview of ${size} that do nothing`, ROUNDS, [
        { name: "the least provider", run: () => bare.preview() },
        { name: "this project's adapter", run: () => adapter.preview() },
      ]);
    } finally {
      await bare.remove();
      await adapter.remove();
    }
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
