import { textMap, words, wordSet } from "../fields/collections";
import { field } from "../fields/field";
import { objectList } from "../fields/list";
import { flag, integer, text, textLike } from "../fields/scalars";

/** `NET_ADMIN`, `net_admin` and `CAP_NET_ADMIN` are one capability; Docker keeps the last. */
function capability(name: string): string {
  const upper = name.trim().toUpperCase();
  return upper === "ALL" || upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
}

const ulimits = objectList(
  {
    name: field(
      textLike(/^[a-z]+$/, 'a limit\'s name such as "nofile"'),
      "Name",
      "Name of the limit, as in ulimit(3): nofile, nproc, memlock …",
      { required: true },
    ),
    soft: field(integer(-1), "Soft", "Soft limit; -1 is unlimited.", {
      required: true,
      explicit: "always",
      fallback: 0,
    }),
    hard: field(integer(-1), "Hard", "Hard limit; -1 is unlimited.", {
      required: true,
      explicit: "always",
      fallback: 0,
    }),
  },
  { keys: ["name"] },
);

/** Where Docker keeps what is said of a process. */
type Places = Readonly<
  Record<
    | "workingDir"
    | "user"
    | "groups"
    | "hostname"
    | "dns"
    | "dnsSearch"
    | "dnsOptions"
    | "tty"
    | "stdin"
    | "readOnly"
    | "init"
    | "stopSignal"
    | "oomScoreAdj"
    | "capAdd"
    | "capDrop"
    | "sysctls"
    | "ulimits",
    string
  >
>;

/** Who the process is, and what it finds around itself. */
function identityRows(at: Places, hostname: string) {
  return {
    workingDir: field(text, at.workingDir, "Folder in which the command starts."),
    user: field(text, at.user, "User, or `user:group`, by name or number."),
    groups: field(words, at.groups, "Further groups of the user, by name or number."),
    hostname: field(text, at.hostname, hostname),
    dns: field(words, at.dns, "Addresses of name servers, asked in this order."),
    dnsSearch: field(words, at.dnsSearch, "Domains to search, in this order."),
    dnsOptions: field(wordSet(), at.dnsOptions, "Options of resolv.conf, such as `ndots:2`."),
    tty: field(flag, at.tty, "Gives the container a terminal."),
    stdin: field(flag, at.stdin, "Keeps standard input open."),
    readOnly: field(flag, at.readOnly, "Mounts the container's root file system read-only."),
  };
}

/**
 * What can be said of the process in a container, whoever starts it.
 *
 * @param said.hostname - what a host name may be
 * @param said.oomScoreAdjSince - release of Docker that takes `oomScoreAdj` first; every one where it is left out
 */
export function processRows(
  at: Places,
  said: { readonly hostname: string; readonly oomScoreAdjSince?: number },
) {
  const since = said.oomScoreAdjSince;
  return {
    ...identityRows(at, said.hostname),
    init: field(
      flag,
      at.init,
      "Runs a small init as process 1, which forwards signals and reaps processes. Default: what the node's engine does (`init` of its daemon.json).",
      // Docker's command line says false where its user says nothing.
      { zeroCounts: true, byDocker: (live) => !live },
    ),
    stopSignal: field(
      text,
      at.stopSignal,
      "Signal that asks the container to stop. Default: the image's, else SIGTERM.",
    ),
    oomScoreAdj: field(
      integer(-1000, 1000),
      at.oomScoreAdj,
      "Added to the score by which the kernel picks what to kill when memory runs out.",
      since === undefined ? {} : { since },
    ),
    capAdd: field(
      wordSet(capability),
      at.capAdd,
      "Kernel capabilities to add, with or without `CAP_`.",
    ),
    capDrop: field(
      wordSet(capability),
      at.capDrop,
      "Kernel capabilities to drop, with or without `CAP_`.",
    ),
    sysctls: field(textMap, at.sysctls, "Namespaced kernel parameters of the container."),
    ulimits: field(ulimits, at.ulimits, "Resource limits of the container's processes."),
  };
}
