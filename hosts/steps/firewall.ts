import type { Facts, FirewallFacts } from "../facts";
import { acceptRule } from "../firewall-rules";
import { memberAddresses } from "../host-spec";
import type { FirewallSpec, HostSpec } from "../host-spec";
import type { Step } from "../step";
import closeLater from "../scripts/close-later.sh";
import firewalld from "../scripts/firewalld.sh";
import patientUfw from "../scripts/ufw-patient.sh";
import ufw from "../scripts/ufw.sh";

/** Where managers are spoken to. @see https://docs.docker.com/engine/swarm/swarm-tutorial/#open-protocols-and-ports-between-the-hosts */
const MANAGERS_PORT = "2377/tcp";

interface Opening {
  readonly port: string;
  /** An address, or `any`. */
  readonly source: string;
}

/** Opens what is declared and closes what was. Where no firewall is at work nothing is done. */
export function firewallSteps(facts: Facts, spec: HostSpec): Step[] {
  const { firewall } = facts;
  if (firewall.kind === "none") {
    return [];
  }
  const wanted = spec.firewall === false ? [] : openingsOf(spec.firewall, memberAddresses(spec));
  const before = spec.former?.firewall;
  const formerly = before === undefined ? [] : openingsOf(before.spec, before.members);
  const missing = wanted.filter((opening) => !isOpen(firewall, opening));
  const leaving = formerly.filter(
    (opening) => !wanted.some((other) => same(other, opening)) && isPartlyOpen(firewall, opening),
  );
  // Its workers and the other managers reach it there until it is one no more.
  const later = leaving.filter(({ port }) => spec.isManager === true && port === MANAGERS_PORT);
  return [
    ...step(firewall, "firewall", "opening", missing, spec.memberSources),
    ...step(
      firewall,
      "firewall-close",
      "closing",
      leaving.filter((opening) => !later.includes(opening)),
    ),
    ...(facts.closingNoted ? [] : noted(firewall, later)),
  ];
}

/** Closes what was noted down to be closed once the machine is no manager any more; nothing where nothing was. */
export const closeNoted: string = patientUfw + closeLater;

/** The closing of openings that still are needed is noted down on the machine, for `closeNoted`. */
function noted(firewall: FirewallFacts, openings: readonly Opening[]): Step[] {
  if (openings.length === 0) return [];
  const words =
    firewall.kind === "ufw"
      ? ["ufw", ...openings.map((opening) => ufwCommand("remove", opening))]
      : [firewall.zone, ...openings.map((opening) => firewalldOption("remove", opening))];
  return [
    {
      id: "firewall-later",
      title: `noting that ${MANAGERS_PORT} is to be closed once it is a manager no more`,
      path: "firewall.ports",
      files: [{ path: "/var/lib/swarm-preparation/close-later", content: `${words.join("\n")}\n` }],
    },
  ];
}

/** The declared ports that are open now and after the next start. All of them where no firewall is at work. */
export function openPorts(
  firewall: FirewallFacts,
  spec: FirewallSpec,
  members: readonly string[],
): string[] {
  return spec.ports.filter((port) =>
    openingsOf({ ...spec, ports: [port] }, members).every(
      (opening) => firewall.kind === "none" || isOpen(firewall, opening),
    ),
  );
}

function openingsOf(spec: FirewallSpec, members: readonly string[]): Opening[] {
  const sources = spec.source === "any" ? ["any"] : [...members, ...(spec.sources ?? [])];
  return [...spec.ports].sort().flatMap((port) => sources.map((source) => ({ port, source })));
}

function same(a: Opening, b: Opening): boolean {
  return a.port === b.port && a.source === b.source;
}

function isOpen({ kind, runtime, permanent }: FirewallFacts, opening: Opening): boolean {
  return [runtime, permanent].every((rules) => has(kind, rules, opening));
}

function isPartlyOpen({ kind, runtime, permanent }: FirewallFacts, opening: Opening): boolean {
  return [runtime, permanent].some((rules) => has(kind, rules, opening));
}

function has(
  kind: FirewallFacts["kind"],
  { openings, rules }: FirewallFacts["runtime"],
  { port, source }: Opening,
): boolean {
  if (source === "any") {
    return openings.includes(port);
  }
  // firewalld keeps what it is told, ufw drops the length of a single address.
  const plain = source.replace(/\/(32|128)$/, "");
  return rules.includes(kind === "ufw" ? `${port} ${plain}` : richRule({ port, source }));
}

function richRule({ port, source }: Opening): string {
  return acceptRule(source.includes(":") ? "ipv6" : "ipv4", source, port);
}

function step(
  firewall: FirewallFacts,
  id: string,
  verb: "opening" | "closing",
  openings: readonly Opening[],
  memberSources: HostSpec["memberSources"] = {},
): Step[] {
  if (openings.length === 0) {
    return [];
  }
  const ports = [...new Set(openings.map(({ port }) => port))].join(", ");
  const isForSome = openings.some(({ source }) => source !== "any");
  const isForAll = openings.some(({ source }) => source === "any");
  const whom = isForSome ? (isForAll ? "" : " between the nodes") : " for everybody";
  const also = Object.entries(memberSources).flatMap(([host, sources]) =>
    sources
      .filter((one) => openings.some(({ source }) => source === one))
      .map((one) => `, for ${host} from ${one} too`),
  );
  const title = `${verb} ${ports} in ${firewall.kind}${whom}${also.join("")}`;
  const common = { id, title, path: "firewall.ports", deadlineSeconds: 300 };
  const word = verb === "opening" ? "add" : "remove";
  return [
    firewall.kind === "ufw"
      ? {
          ...common,
          script: patientUfw + ufw,
          args: openings.map((opening) => ufwCommand(word, opening)),
        }
      : {
          ...common,
          script: firewalld,
          args: [firewall.zone, ...openings.map((opening) => firewalldOption(word, opening))],
        },
  ];
}

function firewalldOption(word: "add" | "remove", { port, source }: Opening): string {
  if (source !== "any") {
    return `--${word}-rich-rule=${richRule({ port, source })}`;
  }
  return port.includes("/") ? `--${word}-port=${port}` : `--${word}-protocol=${port}`;
}

function ufwCommand(word: "add" | "remove", { port, source }: Opening): string {
  const [number = "", protocol] = port.split("/");
  const what =
    protocol === undefined
      ? `proto ${port} from ${source} to any`
      : `proto ${protocol} from ${source} to any port ${number.replace("-", ":")}`;
  return `${word === "add" ? "" : "delete "}allow ${what}`;
}
