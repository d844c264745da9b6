import type { ServiceEntry } from "../picture";
import { shortName } from "../words";

interface ServicesProps {
  readonly services: readonly ServiceEntry[];
  /** Id of the one that is filtered by; empty for none. */
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** The services by stack: what each colour means, how much of each runs, and a filter by one of them. */
export function Services({ services, chosen, onChoose }: ServicesProps) {
  const stacks = new Map<string, ServiceEntry[]>();
  for (const service of services) {
    const group = stacks.get(service.stack) ?? [];
    group.push(service);
    stacks.set(service.stack, group);
  }
  const groups = [...stacks].sort(([a], [b]) => (a === "" ? 1 : b === "" ? -1 : a < b ? -1 : 1));
  return (
    <section class="services" aria-labelledby="services-title">
      <h2 id="services-title">Services</h2>
      {groups.length === 0 ? <p class="muted">none</p> : null}
      {groups.map(([stack, group]) => (
        <div key={stack}>
          <h3>{stack === "" ? "without a stack" : stack}</h3>
          <ul>
            {group.map((service) => (
              <li key={service.id}>
                <Row
                  service={service}
                  isChosen={service.id === chosen}
                  onChoose={() => {
                    onChoose(service.id === chosen ? "" : service.id);
                  }}
                />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

interface RowProps {
  readonly service: ServiceEntry;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Row({ service, isChosen, onChoose }: RowProps) {
  const { name, stack, hue, running, desired, published, update, image, mode } = service;
  const ports = published.map((port) => `:${port}`).join(" ");
  return (
    <button
      type="button"
      class={running < desired ? "service short" : "service"}
      style={{ "--hue": String(hue) }}
      aria-pressed={isChosen}
      title={[name, mode, image, update].filter((text) => text !== "").join("\n")}
      onClick={onChoose}
    >
      <span class="swatch" aria-hidden="true" />
      <span class="name">{shortName(name, stack)}</span>
      {update === "" ? null : <span class="update">{update.split(":", 1)[0]}</span>}
      {ports === "" ? null : <span class="ports">{ports}</span>}
      <span class="amount">
        <span aria-hidden="true">
          {running}/{desired}
        </span>
        <span class="sr">
          {running} of {desired} run
        </span>
      </span>
    </button>
  );
}
