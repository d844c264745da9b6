/** Nanoseconds in each unit of a Go duration, largest first. */
const durationUnits: readonly (readonly [string, number])[] = [
  ["h", 3_600_000_000_000],
  ["m", 60_000_000_000],
  ["s", 1_000_000_000],
  ["ms", 1_000_000],
  ["us", 1_000],
  ["ns", 1],
];

const durationPattern = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:h|ms|m|s|us|µs|μs|ns))+)$/;
const durationPart = /(\d*)\.?(\d*)(h|ms|m|s|[uµμ]s|ns)/g;

/**
 * Nanoseconds of a Go duration (`1m30s`, `.5s`, `-1s`, `0`), below nought too; undefined when it is none.
 *
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseDuration(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  const [, sign, parts] = durationPattern.exec(text) ?? [];
  if (parts === undefined) return undefined;
  let total = 0;
  for (const [, whole = "", fraction = "", unit = ""] of parts.matchAll(durationPart)) {
    const size = durationUnits.find(([name]) => name === unit.replace(/[µμ]/, "u"))?.[1] ?? 0;
    total += Number(whole) * size + Math.floor(Number(fraction) * (size / 10 ** fraction.length));
  }
  if (total > 2 ** 63) return undefined;
  return sign === "-" && total > 0 ? -total : total;
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

const sizePattern = /^\+?((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?) ?(?:([kmgtp])(?:i?b)?|b)?$/i;

/**
 * Bytes of a size in Docker's notation (`512M`, `1.5GiB`, `.5g`, `64 mb`, `1e3`, `4096`), where every unit is a power
 * of 1024; undefined when it is none.
 *
 * @see https://pkg.go.dev/github.com/docker/go-units#RAMInBytes
 */
export function parseBytes(text: string): number | undefined {
  const [, amount, unit = ""] = sizePattern.exec(text) ?? [];
  if (amount === undefined) return undefined;
  const power = byteUnits.findIndex((name) => name === unit.toUpperCase());
  const bytes = Math.floor(Number(amount) * 1024 ** power);
  return bytes < 2 ** 63 ? bytes : undefined;
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

/** More digits than this no number of CPUs has. */
const longestCpus = 40;

/**
 * Billionths of a CPU of a number in Docker's notation (`0.5`, `1/4`, `1e-1`); undefined when it is none or has more
 * than nine decimals.
 *
 * @see https://pkg.go.dev/math/big#Rat.SetString
 */
export function parseCpus(text: string): number | undefined {
  if (text.length > longestCpus) return undefined;
  const [, over, under] = /^\+?(\d+)\/(\d+)$/.exec(text) ?? [];
  if (over !== undefined && under !== undefined) return nano(BigInt(over), BigInt(under));
  const [, whole, fraction = "", exponent = "0"] =
    /^\+?(?=\.?\d)(\d*)\.?(\d*)(?:e([+-]?\d{1,2}))?$/i.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const power = Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  return power < 0 ? nano(digits, 10n ** BigInt(-power)) : nano(digits * 10n ** BigInt(power), 1n);
}

function nano(over: bigint, under: bigint): number | undefined {
  const billionths = over * 1_000_000_000n;
  if (under === 0n || billionths % under !== 0n) return undefined;
  const amount = Number(billionths / under);
  return amount < 2 ** 63 ? amount : undefined;
}
