/** A tree that images are built on; their lowest layer, pulled once. */
export interface BaseRow {
  readonly name: "debian" | "tiny";
  /** How much mmdebstrap puts in by itself. */
  readonly variant: "minbase" | "extract";
  readonly packages: readonly string[];
  /** What it is made of, for people. */
  readonly madeOf: string;
}

/** An image of the lab's registry. Files come from `lab/images/<recipe>/`: `root/` is copied, `prepare.sh` run inside. */
export interface ImageRow {
  /** Name on Docker Hub; `library/` is left out there and here. */
  readonly name: string;
  /** Tags; all have the same contents and a digest of their own. */
  readonly tags: readonly string[];
  readonly base: BaseRow["name"];
  /** Debian packages installed on top of the base. @default - none */
  readonly packages?: readonly string[];
  /** Folder with the image's own files. @default - none */
  readonly recipe?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Ports it listens on, all of them tcp. */
  readonly ports?: readonly number[];
  readonly volumes?: readonly string[];
  readonly workingDirectory?: string;
  /** Signal that ends it in good order. @default "SIGTERM" */
  readonly stopSignal?: string;
  /** What it is made of and where it differs from the public image, for people. */
  readonly madeOf: string;
}

/** Suite that all images are made of. */
export const SUITE = "trixie";

/** All bases, smallest first. */
export const BASES: readonly BaseRow[] = [
  {
    name: "tiny",
    variant: "extract",
    packages: ["busybox", "libc6"],
    madeOf: "busybox and the C library, unpacked; no package manager",
  },
  {
    name: "debian",
    variant: "minbase",
    packages: [],
    madeOf: "Debian 13's minimal system without manuals and translations",
  },
];

const ENTRYPOINT = ["docker-entrypoint.sh"];

/** All images, in the order of their names. To add one, add a row and, where it needs files, a folder. */
export const IMAGES: readonly ImageRow[] = [
  {
    name: "alpine",
    tags: ["latest"],
    base: "tiny",
    command: ["/bin/sh"],
    madeOf: "base tiny: busybox with ping, wget, nslookup; no apk, glibc in musl's place",
  },
  {
    name: "busybox",
    tags: ["latest"],
    base: "tiny",
    command: ["sh"],
    madeOf: "base tiny",
  },
  {
    name: "debian",
    tags: ["jessie", "latest", "trixie"],
    base: "debian",
    packages: ["iputils-ping"],
    command: ["bash"],
    madeOf: "base debian with ping; Debian 13 under every tag",
  },
  {
    name: "dns-cache",
    tags: ["latest"],
    base: "debian",
    packages: ["dnsmasq-base"],
    recipe: "dns-cache",
    entrypoint: ENTRYPOINT,
    madeOf: "dnsmasq 2.91, which knows nothing until it is told (--server, --address)",
  },
  {
    name: "haproxy",
    tags: ["latest"],
    base: "debian",
    packages: ["haproxy"],
    recipe: "haproxy",
    entrypoint: ENTRYPOINT,
    command: ["haproxy", "-f", "/usr/local/etc/haproxy/haproxy.cfg"],
    stopSignal: "SIGUSR1",
    madeOf: "haproxy 3.0; the configuration is mounted by whoever uses it",
  },
  {
    name: "mysql",
    tags: ["5.7", "8.0", "latest"],
    base: "debian",
    packages: ["mariadb-server-core", "mariadb-client-core"],
    recipe: "mysql",
    entrypoint: ENTRYPOINT,
    command: ["mysqld"],
    ports: [3306],
    volumes: ["/var/lib/mysql"],
    madeOf: "MariaDB 11.8 with mysql's command names; the same server under every tag",
  },
  {
    name: "nginx",
    tags: ["latest"],
    base: "debian",
    packages: ["nginx"],
    recipe: "nginx",
    command: ["nginx", "-g", "daemon off;"],
    ports: [80],
    stopSignal: "SIGQUIT",
    madeOf: "nginx 1.26 with the public image's folders; no templates in /etc/nginx/templates",
  },
  {
    name: "redis",
    tags: ["3.0.6", "3.0.7", "latest"],
    base: "debian",
    packages: ["redis-server"],
    recipe: "redis",
    entrypoint: ENTRYPOINT,
    // The stock server refuses everybody from outside when it has no password, which in a container is everybody.
    command: ["redis-server", "--protected-mode", "no"],
    ports: [6379],
    volumes: ["/data"],
    workingDirectory: "/data",
    madeOf: "redis 8.0 under every tag",
  },
  {
    name: "wordpress",
    tags: ["latest"],
    base: "debian",
    packages: [
      "libapache2-mod-php",
      "php-curl",
      "php-mbstring",
      "php-mysql",
      "php-xml",
      "wordpress",
      "wordpress-theme-twentytwentyfive",
    ],
    recipe: "wordpress",
    entrypoint: ENTRYPOINT,
    command: ["apache2-foreground"],
    ports: [80],
    workingDirectory: "/var/www/html",
    stopSignal: "SIGWINCH",
    madeOf:
      "WordPress 6.8, Apache 2.4, PHP 8.4; waits for its database; answers under the address that it is asked by; " +
      "/var/www/html is no volume",
  },
];

/** Name of an image's repository in a registry, as Docker asks a mirror for it. */
export function repositoryOf(image: ImageRow): string {
  return image.name.includes("/") ? image.name : `library/${image.name}`;
}

/** The options by which `umoci config` gives an image its configuration. */
export function configurationOptions(image: ImageRow): string[] {
  const each = (option: string, values: readonly string[] = []): string[] =>
    values.map((value) => `--config.${option}=${value}`);
  const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const environment = Object.entries({ PATH: path, ...image.environment }).sort();
  return [
    ...each("entrypoint", image.entrypoint),
    ...each("cmd", image.command),
    ...each(
      "env",
      environment.map(([name, value]) => `${name}=${value}`),
    ),
    ...each(
      "exposedports",
      image.ports?.map((port) => `${port}/tcp`),
    ),
    ...each("volume", image.volumes),
    ...each("workingdir", image.workingDirectory === undefined ? [] : [image.workingDirectory]),
    ...each("stopsignal", image.stopSignal === undefined ? [] : [image.stopSignal]),
    `--config.label=org.opencontainers.image.description=${image.madeOf}`,
  ];
}
