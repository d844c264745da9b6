const BEGIN = "# swarm nodes: begin (kept up to date by swarm, edits are lost)";
const END = "# swarm nodes: end";

/** The addresses of the managed part of /etc/hosts, by name; undefined where there is no such part. */
export function readHostsBlock(file: string): Record<string, string> | undefined {
  const lines = file.split("\n");
  const begin = lines.indexOf(BEGIN);
  const end = lines.indexOf(END, begin);
  if (begin < 0 || end < 0) {
    return undefined;
  }
  return Object.fromEntries(
    lines.slice(begin + 1, end).flatMap((line) => {
      const [address = "", ...names] = line.trim().split(/\s+/);
      return names.map((name) => [name, address]);
    }),
  );
}

/** /etc/hosts with its managed part replaced, or taken out where there are no addresses. */
export function writeHostsBlock(file: string, addresses: Readonly<Record<string, string>>): string {
  const lines = file.split("\n");
  const begin = lines.indexOf(BEGIN);
  const end = lines.indexOf(END, begin);
  const foreign =
    begin < 0 || end < 0 ? lines : [...lines.slice(0, begin), ...lines.slice(end + 1)];
  const kept = foreign.join("\n").replace(/\n*$/, "\n");
  const names = Object.keys(addresses).sort();
  if (names.length === 0) {
    return kept;
  }
  const block = names.map((name) => `${addresses[name] ?? ""} ${name}`);
  return `${kept}${[BEGIN, ...block, END].join("\n")}\n`;
}
