import { ENTRYPOINT, type ImageRow } from "./table";

/** An image that is built when something first asks for it, together with its family. */
export interface ExtraRow extends ImageRow {
  /** Images that are used together. */
  readonly family: string;
}

/** A program of the lab's own that speaks for a public image; all of them share the base `python`. */
function program(
  row: Pick<ExtraRow, "name" | "tags" | "family" | "ports" | "madeOf"> & {
    readonly recipe: string;
  },
  words: readonly string[],
): ExtraRow {
  const { recipe, ...rest } = row;
  return { ...rest, base: "python", recipes: [recipe], command: words };
}

/** One part of the shop. */
function shop(service: string, madeOf: string): ExtraRow {
  const row = {
    name: `shop/${service}`,
    tags: ["1.0", "1.1"],
    family: "shop",
    ports: [8080],
    madeOf,
  };
  return { ...program({ ...row, recipe: "shop" }, ["shop"]), environment: { SERVICE: service } };
}

/** What the server of postgres is made of: libraries by their packages, itself out of its own in `prepare.sh`. */
const postgres = {
  base: "debian",
  packages: [
    "libicu76",
    "libldap2",
    "libpam0g",
    "libpq5",
    "libreadline8t64",
    "libxml2",
    "libxslt1.1",
    "tzdata",
  ],
  watched: ["postgresql-17"],
  entrypoint: ENTRYPOINT,
  command: ["postgres"],
  ports: [5432],
  volumes: ["/var/lib/postgresql/data"],
  stopSignal: "SIGINT",
} as const;

/** All of them, in the order of their names. */
export const EXTRA_IMAGES: readonly ExtraRow[] = [
  program(
    {
      name: "composetest_web",
      tags: ["latest"],
      family: "composetest",
      ports: [5000],
      madeOf: "the tutorial's page that counts its visitors in redis, without Flask",
      recipe: "composetest",
    },
    ["app.py"],
  ),
  {
    name: "debian",
    tags: ["jessie", "latest", "trixie"],
    base: "debian",
    family: "debian",
    packages: ["iputils-ping"],
    command: ["bash"],
    madeOf: "base debian with ping; Debian 13 under every tag",
  },
  {
    name: "dns-cache",
    tags: ["latest"],
    base: "debian",
    family: "dns-cache",
    packages: ["dnsmasq-base"],
    recipes: ["dns-cache"],
    entrypoint: ENTRYPOINT,
    madeOf: "dnsmasq 2.91, which knows nothing until it is told (--server, --address)",
  },
  program(
    {
      name: "dockersamples/atsea_app",
      tags: ["latest"],
      family: "atsea",
      ports: [8080],
      madeOf:
        "AtSea's pages and API with its database; waits 60 s for that one, as Java does by being slow",
      recipe: "atsea-app",
    },
    ["atsea-app"],
  ),
  {
    ...postgres,
    name: "dockersamples/atsea_db",
    tags: ["latest"],
    family: "atsea",
    recipes: ["postgres", "atsea-db"],
    environment: { POSTGRES_HOST_AUTH_METHOD: "trust" },
    madeOf: "postgres with AtSea's nine products; lets everybody in, as the public one does",
  },
  {
    name: "dockersamples/atseasampleshopapp_payment_gateway",
    tags: ["latest"],
    family: "atsea",
    base: "tiny",
    recipes: ["atsea-payment"],
    command: ["payment-gateway"],
    user: "1000:1000",
    madeOf:
      "reads /run/secrets/payment_token each second; ends when it is neither staging nor production",
  },
  {
    name: "dockersamples/atseasampleshopapp_reverse_proxy",
    tags: ["latest"],
    family: "atsea",
    base: "debian",
    packages: ["nginx"],
    recipes: ["nginx", "atsea-proxy"],
    command: ["nginx", "-g", "daemon off;"],
    ports: [80, 443],
    stopSignal: "SIGQUIT",
    madeOf:
      "nginx: 80 sends to 443, TLS by /run/secrets/revprox_cert and revprox_key, all to appserver:8080",
  },
  program(
    {
      name: "dockersamples/examplevotingapp_result",
      tags: ["latest"],
      family: "voting",
      ports: [80],
      madeOf: "the page of the votes; /scores as JSON in the web socket's place",
      recipe: "vote-result",
    },
    ["result"],
  ),
  program(
    {
      name: "dockersamples/examplevotingapp_vote",
      tags: ["latest"],
      family: "voting",
      ports: [80],
      madeOf: "the form; a vote goes into redis' list votes",
      recipe: "vote",
    },
    ["vote"],
  ),
  program(
    {
      name: "dockersamples/examplevotingapp_worker",
      tags: ["latest"],
      family: "voting",
      ports: [],
      madeOf: "moves votes from redis to postgres",
      recipe: "vote-worker",
    },
    ["worker"],
  ),
  {
    ...program(
      {
        name: "dockersamples/visualizer",
        tags: ["latest", "stable"],
        family: "visualizer",
        ports: [8080],
        madeOf:
          "nodes and their tasks as a page and under /apis/, with the public image's health check",
        recipe: "visualizer",
      },
      ["visualizer"],
    ),
    healthcheck: ["visualizer-health"],
  },
  {
    name: "haproxy",
    tags: ["latest"],
    base: "debian",
    family: "haproxy",
    packages: ["haproxy"],
    recipes: ["haproxy"],
    entrypoint: ENTRYPOINT,
    command: ["haproxy", "-f", "/usr/local/etc/haproxy/haproxy.cfg"],
    stopSignal: "SIGUSR1",
    madeOf: "haproxy 3.0; the configuration is mounted by whoever uses it",
  },
  {
    name: "hello-world",
    tags: ["latest"],
    base: "tiny",
    family: "hello-world",
    command: ["echo", "Hello from Docker!"],
    madeOf: "base tiny: says its line and ends with 0",
  },
  {
    ...program(
      {
        name: "portainer/agent",
        tags: ["latest"],
        family: "portainer",
        ports: [9001],
        madeOf: "/ping over TLS on 9001, with its node's name; everything else is refused",
        recipe: "portainer-agent",
      },
      ["agent"],
    ),
    packages: ["openssl"],
  },
  {
    ...program(
      {
        name: "portainer/portainer",
        tags: ["latest"],
        family: "portainer",
        ports: [9000],
        madeOf:
          "the page and /api/status on 9000; -H unix://… or tcp://tasks.agent:9001; nothing to log in to",
        recipe: "portainer",
      },
      [],
    ),
    entrypoint: ["portainer"],
    volumes: ["/data"],
  },
  {
    ...postgres,
    name: "postgres",
    tags: ["15-alpine", "17", "latest"],
    family: "postgres",
    recipes: ["postgres"],
    madeOf: "postgres 17 under every tag",
  },
  {
    name: "redis",
    tags: ["3.0.6", "3.0.7", "alpine", "latest"],
    base: "debian",
    family: "redis",
    packages: ["redis-server"],
    recipes: ["redis"],
    entrypoint: ENTRYPOINT,
    command: ["redis-server"],
    ports: [6379],
    volumes: ["/data"],
    workingDirectory: "/data",
    madeOf: "redis 8.0 under every tag",
  },
  shop("goods", "what is sold"),
  shop("order", "orders; asks user and goods"),
  shop("user", "who buys"),
];
