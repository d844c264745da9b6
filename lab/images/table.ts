/** A tree that images are built on; their lowest layer, pulled once. */
export interface BaseRow {
  readonly name: "debian" | "python" | "tiny";
  /** How much mmdebstrap puts in by itself. */
  readonly variant: "minbase" | "extract";
  readonly packages: readonly string[];
  /** Further packages whose versions are kept, because it stands or falls with them. @default - none */
  readonly watched?: readonly string[];
  /** What it is made of, for people. */
  readonly madeOf: string;
}

/** An image of the lab's registry. Files come from `lab/images/<recipe>/`: `root/` is copied, then `prepare.sh` run inside. */
export interface ImageRow {
  /** Name on Docker Hub; `library/` is left out there and here. */
  readonly name: string;
  /** Tags; all have the same contents and a digest of their own. */
  readonly tags: readonly string[];
  readonly base: BaseRow["name"];
  /** Debian packages installed on top of the base. @default - none */
  readonly packages?: readonly string[];
  /** Packages that come with those and whose versions are kept, because it stands or falls with them. @default - none */
  readonly watched?: readonly string[];
  /** Folders with the image's own files, one after the other. @default - none */
  readonly recipes?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Ports it listens on, all of them tcp. */
  readonly ports?: readonly number[];
  readonly volumes?: readonly string[];
  readonly workingDirectory?: string;
  /** User and group, as numbers. @default - root */
  readonly user?: string;
  /** Words of a program that ends with 0 while all is well. @default - no health check */
  readonly healthcheck?: readonly string[];
  /** Signal that ends it in good order. @default "SIGTERM" */
  readonly stopSignal?: string;
  /** What it is made of and where it differs from the public image, for people. */
  readonly madeOf: string;
}

/** Suite that all images are made of. */
export const SUITE = "trixie";

/** All bases, smallest first. Those that no image needs are not built. */
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
    watched: ["libc6"],
    madeOf: "Debian 13's minimal system without manuals and translations",
  },
  {
    name: "python",
    variant: "minbase",
    packages: ["python3", "python3-psycopg2"],
    watched: ["libc6", "libpq5", "python3.13-minimal"],
    madeOf:
      "base debian with Python 3.13, its driver for postgres, and what the lab's own programs share",
  },
];

/** Each image has its own in /usr/local/bin. */
export const ENTRYPOINT = ["docker-entrypoint.sh"];

/**
 * The images that every lab has, in the order of their names. To add one, add a row and, where it needs files, a folder.
 * Those that are built when something first asks for them are in extra-table.ts.
 */
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
    name: "mysql",
    tags: ["5.7", "8.0", "latest"],
    base: "debian",
    packages: ["mariadb-server-core", "mariadb-client-core"],
    recipes: ["mysql"],
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
    recipes: ["nginx"],
    command: ["nginx", "-g", "daemon off;"],
    ports: [80],
    stopSignal: "SIGQUIT",
    madeOf: "nginx 1.26 with the public image's folders; no templates in /etc/nginx/templates",
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
    watched: ["apache2-bin", "libapache2-mod-php8.4", "php8.4-mysql"],
    recipes: ["wordpress"],
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
    ...each("user", image.user === undefined ? [] : [image.user]),
    ...each("stopsignal", image.stopSignal === undefined ? [] : [image.stopSignal]),
    `--config.label=org.opencontainers.image.description=${image.madeOf}`,
  ];
}
