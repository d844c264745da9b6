/**
 * What Pulumi itself takes for an unchanged preview of so many resources that do nothing, how much of the rest is this
 * project's adapter, and the memory of both. `BENCH_SIZES=100,1000` are other sizes than all.
 */
import { compare, printTable } from "./comparison";
import { Floor } from "./floor";

const SIZES = (process.env.BENCH_SIZES ?? "10,100,1000,3000").split(",").map(Number);

/** A thousand and more take half a minute each, and differ by little. */
const roundsOf = (size: number): number => (size < 1000 ? 3 : 1);

const LEAST = "the least provider";
const OURS = "this project's adapter";

function rounded(mebibytes: number): string {
  return mebibytes.toFixed(0);
}

async function main(): Promise<void> {
  for (const size of SIZES) {
    const bare = await Floor.make("bare", size);
    const adapter = await Floor.make("adapter", size);
    try {
      await compare(`unchanged preview of ${size} that do nothing`, roundsOf(size), [
        { name: LEAST, run: () => bare.preview() },
        { name: OURS, run: () => adapter.preview() },
      ]);
      const rows = [
        [LEAST, ...(await bare.memory()).map(rounded)],
        [OURS, ...(await adapter.memory()).map(rounded)],
      ];
      printTable([`peak memory, ${size}, in MiB`, "provider", "program", "CLI"], rows);
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
