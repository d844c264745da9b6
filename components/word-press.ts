import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Network } from "../resources/network";
import { Secret } from "../resources/secret";
import { Service } from "../resources/service";
import { Volume } from "../resources/volume";
import type { Cluster } from "./cluster";
import { endpointsOn } from "./on-cluster";
import {
  databaseHosts,
  databaseLabel,
  wordPressLacks,
  type WordPressArgs,
} from "./word-press-args";

const defaultPort = 80;
const account = "wordpress";
const database = "wordpress";

/** Names of the secrets' files, and the variables that name them. */
const files = { root: "mysql-root-password", user: "mysql-password" } as const;

/**
 * WordPress on every node's port, with a MySQL database on the node labelled `tier=db`. Both passwords are generated
 * and reach the containers as files in memory only.
 *
 * ```ts
 * new WordPress("wordpress", cluster, { replicas: 3 });
 * ```
 * @see https://hub.docker.com/_/wordpress
 */
export class WordPress extends pulumi.ComponentResource {
  /** URLs of the site, one per node. */
  readonly endpoints: pulumi.Output<string[]>;
  readonly database: Service;
  readonly web: Service;
  readonly #name: string;
  readonly #cluster: Cluster;
  readonly #args: WordPressArgs;

  constructor(
    name: string,
    cluster: Cluster,
    args: WordPressArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("swarm:components:WordPress", name, {}, opts);
    this.#name = name;
    this.#cluster = cluster;
    this.#args = args;
    const network = this.#network();
    const secrets = { root: this.#secret(files.root), user: this.#secret(files.user) };
    this.database = this.#database(network, secrets.root, secrets.user);
    this.web = this.#web(network, secrets.user);
    this.endpoints = endpointsOn(cluster, args.port ?? defaultPort);
    this.registerOutputs({ endpoints: this.endpoints });
  }

  #network(): Network {
    const name = `${this.#name}-network`;
    const encrypted = this.#args.encrypted === true ? { encrypted: true } : {};
    return new Network(name, { name, ...encrypted }, this.#options(...this.#cluster.managers));
  }

  #secret(role: (typeof files)[keyof typeof files]): Secret {
    const name = `${this.#name}-${role}`;
    const password = new random.RandomPassword(
      name,
      { length: 32, special: false }, // letters and digits mean the same in SQL, in shells and in PHP
      { parent: this },
    );
    const options = this.#options(...this.#cluster.managers);
    return new Secret(`${name}-secret`, { name, value: password.result }, options);
  }

  #volume(): Volume {
    const labels = Object.fromEntries(
      Object.entries(this.#cluster.labels).map(([host, set]) => [host, { labels: set }]),
    );
    const lacks = wordPressLacks(labels);
    const [host] = databaseHosts(labels);
    if (lacks !== undefined || host === undefined)
      throw new pulumi.ResourceError(lacks ?? "got no host for the database", this, true);
    const name = `${this.#name}-data`;
    const node = this.#cluster.nodes[host];
    const options = this.#options(...(node === undefined ? [] : [node]));
    return new Volume(name, { host, name }, options);
  }

  #database(network: Network, root: Secret, user: Secret): Service {
    const volume = this.#volume();
    const name = `${this.#name}-mysql`;
    const args = {
      name,
      image: this.#args.databaseImage ?? "mysql:5.7",
      env: {
        MYSQL_ROOT_PASSWORD_FILE: `/run/secrets/${files.root}`,
        MYSQL_DATABASE: database,
        MYSQL_USER: account,
        MYSQL_PASSWORD_FILE: `/run/secrets/${files.user}`,
      },
      secrets: [
        { source: root.name, target: files.root },
        { source: user.name, target: files.user },
      ],
      networks: [{ target: network.name }],
      mounts: [{ type: "volume" as const, source: volume.name, target: "/var/lib/mysql" }],
      placement: { constraints: [`node.labels.${databaseLabel.key} == ${databaseLabel.value}`] },
      healthcheck: {
        // Over TCP: the server that fills a new data folder listens on its socket only. A refused password is a sign of
        // life too, so none has to be on this command line.
        test: ["CMD", "mysqladmin", "ping", "--host=127.0.0.1", "--connect-timeout=5"],
        interval: "10s",
        timeout: "10s",
        retries: 6,
        startPeriod: "3m",
      },
      stopGracePeriod: "1m",
      replicas: 1,
    };
    return new Service(name, args, this.#options(volume));
  }

  #web(network: Network, user: Secret): Service {
    const name = `${this.#name}-web`;
    const args = {
      name,
      image: this.#args.image ?? "wordpress",
      env: {
        WORDPRESS_DB_HOST: this.database.name,
        WORDPRESS_DB_USER: account,
        WORDPRESS_DB_PASSWORD_FILE: `/run/secrets/${files.user}`,
        WORDPRESS_DB_NAME: database,
      },
      secrets: [{ source: user.name, target: files.user }],
      networks: [{ target: network.name }],
      ports: [{ target: 80, published: this.#args.port ?? defaultPort }],
      healthcheck: {
        test: ["CMD", "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/80"],
        interval: "10s",
        timeout: "10s",
        retries: 3,
        startPeriod: "3m",
      },
      // Not "on-failure": a container that is stopped by hand ends without one, and would stay away.
      restartPolicy: { condition: "any" as const, delay: "5s" },
      updateConfig: { parallelism: 1, delay: "10s" },
      replicas: this.#args.replicas ?? 3,
    };
    const nodes = Object.values(this.#cluster.nodes);
    return new Service(name, args, this.#options(this.database, ...nodes));
  }

  #options(...dependsOn: pulumi.Resource[]): pulumi.CustomResourceOptions {
    return { parent: this, provider: this.#cluster.provider, dependsOn };
  }
}
