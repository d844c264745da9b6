import { chmodSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { printable } from "../hosts/printable";
import { withEntries } from "./key-file";
import type { KeyRow } from "./keys";

/** What `npm run hosts -- keys` was told. */
export interface KeyOptions {
  /** Put new keys into the file. */
  readonly write: boolean;
  /** Hosts, or paths of jump hosts, whose other key shall go in place of the one in the file. */
  readonly replace: readonly string[];
  /** Path of the stack's file. */
  readonly file: string;
  readonly stack: string;
}

/** What was said and done about keys. */
export interface KeyOutcome {
  readonly lines: readonly string[];
  /** Nothing is left that a person has to look at. */
  readonly isWell: boolean;
}

/**
 * Puts keys into the stack's file where they are asked for, and says what there is to compare.
 *
 * @throws Error when the file has no place for them, or `--replace` names nobody
 */
export function settleKeys(rows: readonly KeyRow[], options: KeyOptions): KeyOutcome {
  const { file, replace, stack, write } = options;
  checkReplaced(rows, replace);
  const replaced = rows.filter((row) => row.state === "differs" && replace.includes(nameOf(row)));
  const fresh = rows.filter(({ state }) => state === "new");
  const written = [...(write ? fresh : []), ...replaced].filter(({ key }) => key !== undefined);
  if (written.length > 0) writeKeys(file, written);
  const left = rows.filter((row) => !written.includes(row));
  const differing = left.filter(({ state }) => state === "differs");
  const others = left.filter(({ state }) => state === "silent" || state === "waits");
  const lines = [
    ...others.map(({ reason = "" }) => printable(reason)),
    ...differing.map(
      (row) =>
        `${pathOf(row)}: the machine showed ${printable(row.fingerprint ?? "")}${row.fingerprint === undefined ? "" : "; "}${row.reason ?? ""}. ` +
        `If it was rebuilt: npm run hosts -- keys --stack ${stack} --replace ${nameOf(row)}. If not, find out who answers there.`,
    ),
    ...(written.length > 0 ? [`written to ${file}: ${written.map(pathOf).join(", ")}`] : []),
    ...(fresh.length > 0 ? compareLines(stack, write) : []),
  ];
  return { lines, isWell: differing.length === 0 && others.length === 0 };
}

/** A key from the network is worth what somebody has seen of it on the machine. */
function compareLines(stack: string, isWritten: boolean): string[] {
  return [
    "Compare each new fingerprint with what the machine itself says, on its console or the provider's page:\n" +
      "  ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
    ...(isWritten ? [] : [`Then: npm run hosts -- keys --stack ${stack} --write`]),
  ];
}

function checkReplaced(rows: readonly KeyRow[], replace: readonly string[]): void {
  const known = rows.map(nameOf);
  for (const name of replace)
    if (!known.includes(name))
      throw new Error(`--replace: got "${name}"; expected one of ${known.join(", ")}`);
}

/** How a row is named on the command line: the host, or the path of a jump host. */
function nameOf({ path }: KeyRow): string {
  const [top, name = ""] = path;
  return top === "hosts" && path.length === 3 ? name : path.slice(0, -1).join(".");
}

function pathOf({ path }: KeyRow): string {
  return path.join(".");
}

/** In one step: a file that is read meanwhile is the old one or the new one. */
function writeKeys(file: string, rows: readonly KeyRow[]): void {
  const entries = rows.map(({ path, key = "" }) => ({ path, value: key }));
  const text = withEntries(readFileSync(file, "utf8"), entries);
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  chmodSync(temporary, statSync(file).mode);
  renameSync(temporary, file);
}
