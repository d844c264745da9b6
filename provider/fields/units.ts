/** Nanoseconds in each unit of a Go duration, largest first. */
const durationUnits: readonly (readonly [string, number])[] = [
  ["h", 3_600_000_000_000],
  ["m", 60_000_000_000],
  ["s", 1_000_000_000],
  ["ms", 1_000_000],
  ["us", 1_000],
  ["ns", 1],
];

const durationPattern = /^(?:\d+(?:\.\d+)?(?:h|ms|m|s|us|µs|ns))+$/;

/**
 * Nanoseconds of a Go duration (`1m30s`, `500ms`, `0`); undefined when it is none.
 *
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  if (!durationPattern.test(text)) return undefined;
  let total = 0;
  for (const [, amount = "", unit = ""] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g)) {
    const size = durationUnits.find(([name]) => name === unit.replace("µ", "u"))?.[1] ?? 0;
    total += Number(amount) * size;
  }
  return Math.round(total);
}

/** The shortest Go duration for a number of nanoseconds: `90000000000` → `1m30s`, `0` → `0s`. */
export function renderDuration(nanoseconds: number): string {
  let rest = nanoseconds;
  let text = "";
  for (const [unit, size] of durationUnits) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) text += `${amount}${unit}`;
  }
  return text === "" ? "0s" : text;
}

const byteUnits = ["", "K", "M", "G", "T", "P"] as const;

/**
 * Bytes of a size in Docker's notation (`512M`, `1.5GiB`, `4096`), where every unit is a power of 1024; undefined when
 * it is none.
 *
 * @see https://pkg.go.dev/github.com/docker/go-units#RAMInBytes
 */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([kmgtp]?)(?:i?b)?$/i.exec(text);
  if (match === null) return undefined;
  const [, amount = "", unit = ""] = match;
  const power = byteUnits.findIndex((name) => name === unit.toUpperCase());
  return Math.floor(Number(amount) * 1024 ** power);
}

/** The shortest exact size for a number of bytes: `536870912` → `512M`, `1000` → `1000`. */
export function renderBytes(bytes: number): string {
  let amount = bytes;
  let power = 0;
  while (amount > 0 && amount % 1024 === 0 && power < byteUnits.length - 1) {
    amount /= 1024;
    power += 1;
  }
  return `${amount}${byteUnits[power] ?? ""}`;
}

/** Permission bits of an octal text (`0444`, `644`); undefined when it is none. */
export function parseFileMode(text: string): number | undefined {
  return /^[0-7]{3,5}$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

/** Permission bits as octal text with a leading zero: `292` → `0444`. */
export function renderFileMode(bits: number): string {
  return `0${bits.toString(8).padStart(3, "0")}`;
}
