import type { PortModel } from "./model";
import type { StackPart } from "./part";
import type { Reading } from "./reading";

/** What the engine refuses about ports: one published twice, and ingress ports of a service without an address. */
export function checkPublished({ services }: StackPart, { report, places }: Reading): void {
  const taken = new Map<string, { readonly service: string; readonly ingress: boolean }>();
  for (const [service, { ports = [], deploy = {} }] of Object.entries(services))
    ports.forEach((port, index) => {
      const { at, path } = places.of(port, ["services", service, "ports", index]);
      const error = (message: string): void => {
        report.error(at, path, message);
      };
      const ingress = isIngress(port);
      if (ingress && deploy.endpoint_mode === "dnsrr")
        error(
          "got a port of mode ingress with endpoint_mode dnsrr, which has no address to publish; expected mode: host, or endpoint_mode: vip.",
        );
      if (port.published === undefined || port.published === 0) return;
      const key = `${port.published}/${port.protocol ?? "tcp"}`;
      const other = taken.get(key);
      if (other === undefined) taken.set(key, { service, ingress });
      else if (ingress || other.ingress)
        error(
          `got ${key}, which services.${other.service} publishes already; expected each port once in the swarm.`,
        );
    });
}

function isIngress({ mode = "" }: PortModel): boolean {
  return mode === "" || mode === "ingress";
}
