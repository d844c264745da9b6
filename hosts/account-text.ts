import type { UserFacts } from "./facts";

/**
 * Users out of three sections of `hosts/scripts/facts.sh`: ` alice 1000 alice docker`, ` alice ssh-ed25519 AAAA…` and
 * ` alice ALL=(ALL) ALL`.
 */
export function parseUsers(
  lines: (section: string) => readonly string[],
): Record<string, UserFacts> {
  const keys = new Map<string, string[]>();
  for (const line of lines("authorized-keys")) {
    const [name, rest] = splitOnce(line);
    const list = keys.get(name);
    if (list === undefined) keys.set(name, [rest]);
    else list.push(rest);
  }
  const rules = new Map(lines("sudo-rules").map(splitOnce));
  return Object.fromEntries(
    lines("users").map((line) => {
      const [name = "", uid, ...groups] = line.split(" ");
      const authorizedKeys = keys.get(name) ?? [];
      return [name, { uid: Number(uid), groups, authorizedKeys, sudo: rules.get(name) }];
    }),
  );
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf(" ");
  return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1).trim()];
}
