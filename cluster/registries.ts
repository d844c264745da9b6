import { createHash } from "node:crypto";

/** A registry's account. */
export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

/** Docker Hub as its own clients call it. */
const hub = "docker.io";
const hubAddress = "https://index.docker.io/v1/";

/** One name for one registry: Docker Hub has several, and addresses are copied with their scheme. */
function registryName(text: string): string {
  const [name = ""] = text.replace(/^https?:\/\//, "").split("/");
  return ["index.docker.io", "registry-1.docker.io", "hub.docker.com"].includes(name) ? hub : name;
}

/** With `=` at its end: without, the nodes decode nothing, say nothing, and pull without the account. */
function paddedBase64url(text: string): string {
  const plain = Buffer.from(text, "utf8").toString("base64");
  return plain.replaceAll("+", "-").replaceAll("/", "_");
}

/** The configured accounts of image registries. */
export class Registries {
  private readonly logins: ReadonlyMap<string, RegistryLogin>;

  constructor(logins: Readonly<Record<string, RegistryLogin>> = {}) {
    this.logins = new Map(
      Object.entries(logins).map(([registry, login]) => [registryName(registry), login]),
    );
  }

  /**
   * The header with which the engine logs in to a registry on behalf of the caller, and which it keeps for the nodes;
   * none without an account.
   *
   * @param registry as in an image's full name, `docker.io` or `registry.example.org:5000`
   * @see https://docs.docker.com/reference/api/engine/version/v1.45/#section/Authentication
   */
  headers(registry: string): Readonly<Record<string, string>> {
    const login = this.logins.get(registryName(registry));
    if (login === undefined) return {};
    const { username, password } = login;
    const serveraddress = registryName(registry) === hub ? hubAddress : registry;
    const text = JSON.stringify({ username, password, serveraddress });
    return { "x-registry-auth": paddedBase64url(text) };
  }

  /** Another text for every account and password, to see that one has changed; kept as a secret. */
  fingerprint(registry: string): string | undefined {
    const login = this.logins.get(registryName(registry));
    if (login === undefined) return undefined;
    const text = JSON.stringify([registryName(registry), login.username, login.password]);
    return createHash("sha256").update(text).digest("hex");
  }
}
