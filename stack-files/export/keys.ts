import { imageLabel } from "../convert/service";
import { namespaceLabel } from "../convert/conversion";
import type { Section } from "../convert/conversion";
import { said } from "../said";
import type { Written } from "./yaml";

type Texts = Readonly<Record<string, string>>;

/**
 * The keys by which services refer to networks, volumes, secrets and configs, and what stands under them on the top
 * level of the file. Each name in Docker has one key; a volume that services make in different ways has several.
 */
export class Keys {
  readonly stack: string | undefined;
  readonly #entries: Readonly<Record<Section, Map<string, Entry>>> = {
    networks: new Map(),
    volumes: new Map(),
    secrets: new Map(),
    configs: new Map(),
  };

  constructor(stack: string | undefined) {
    this.stack = stack;
  }

  /** The key of a service, a network or another thing of the stack's, as far as its name goes. */
  short(name: string): string {
    const prefix = `${this.stack ?? ""}_`;
    const isScoped = this.stack !== undefined && name.startsWith(prefix);
    return isScoped ? name.slice(prefix.length) : name;
  }

  /** Declares what the stack makes itself. @param body - all that is to be said of it but its name */
  own(section: Section, name: string, body: Readonly<Record<string, Written>>): string {
    const { stack } = this;
    const id = JSON.stringify([name, body]);
    const scoped = (key: string): string => (stack === undefined ? key : `${stack}_${key}`);
    return this.#add(section, id, name, (key) =>
      said({ name: scoped(key) === name ? undefined : name, ...body }),
    );
  }

  /** The key of what is there already, whoever made it; the stack's own where it was declared before. */
  reference(section: Section, name: string): string {
    const own = [...this.#entries[section].values()].find((entry) => entry.name === name);
    if (own !== undefined) return own.key;
    return this.#add(section, `external ${name}`, name, (key) =>
      said({ external: true, name: key === name ? undefined : name }),
    );
  }

  /** Everything that was declared and referred to, by key, sorted. */
  sections(): Record<Section, Record<string, Written> | undefined> {
    const of = (section: Section): Record<string, Written> | undefined => {
      const entries = [...this.#entries[section].values()].sort((a, b) => (a.key < b.key ? -1 : 1));
      if (entries.length === 0) return undefined;
      return Object.fromEntries(
        entries.map(({ key, body }) => [key, Object.keys(body).length === 0 ? null : body]),
      );
    };
    const [networks, volumes] = [of("networks"), of("volumes")];
    return { networks, volumes, secrets: of("secrets"), configs: of("configs") };
  }

  /** Labels of what the stack makes itself, without those that it gets from being the stack's. */
  labels(labels: Texts | undefined): Texts | undefined {
    if (labels === undefined || this.stack === undefined) return labels;
    const own = new Set([namespaceLabel, imageLabel]);
    const others = Object.entries(labels).filter(([name]) => !own.has(name));
    return others.length === 0 ? undefined : Object.fromEntries(others);
  }

  #add(
    section: Section,
    id: string,
    name: string,
    bodyOf: (key: string) => Readonly<Record<string, Written>>,
  ): string {
    const entries = this.#entries[section];
    const found = entries.get(id);
    if (found !== undefined) return found.key;
    const taken = new Set([...entries.values()].map(({ key }) => key));
    const wanted = this.short(name).replace(/[^a-zA-Z0-9._-]/g, "-");
    let key = wanted === "" ? "unnamed" : wanted;
    for (let count = 2; taken.has(key); count += 1) key = `${wanted}-${count}`;
    entries.set(id, { key, name, body: bodyOf(key) });
    return key;
  }
}

interface Entry {
  readonly key: string;
  readonly name: string;
  readonly body: Readonly<Record<string, Written>>;
}
