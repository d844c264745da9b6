import { advise } from "./advice";
import type { Path } from "./finding";
import type { ServicePart, StackPart } from "./part";
import type { Reading } from "./reading";
import { quote } from "./value";

type Section = "networks" | "volumes" | "secrets" | "configs";

/** What a service refers to must be declared, and two of it must not have one place in the container. */
export function checkReferences(
  service: ServicePart,
  path: Path,
  part: StackPart,
  { report, places }: Reading,
): void {
  const declared = (section: Section, name: string, below: Path, item?: object): void => {
    if (places.has([section, name]) || (section === "networks" && name === "default")) return;
    const { at, path: here } = places.of(item, [...path, ...below]);
    const known = report.full ? [] : Object.keys(part[section]);
    const way =
      known.length === 0
        ? `Declare it under ${section} on the top level.`
        : advise(name, known, report);
    report.error(
      at,
      here,
      `got ${quote(name)}; expected the key of one of the ${section} on the top level. ${way}`,
    );
  };
  for (const name of Object.keys(service.networks ?? {}))
    declared("networks", name, ["networks", name]);
  (service.volumes ?? []).forEach((mount, index) => {
    const { type, source } = mount;
    const named =
      type === "volume" || (type === "cluster" && source?.startsWith("group:") === false);
    if (named && source !== undefined) declared("volumes", source, ["volumes", index], mount);
  });
  for (const section of ["secrets", "configs"] as const)
    (service[section] ?? []).forEach((file, index) => {
      declared(section, file.source, [section, index], file);
    });
  const config = service.credential_spec?.config;
  if (config !== undefined && config !== "")
    declared("configs", config, ["credential_spec", "config"]);
  checkTargets(service, path, { report, places });
}

function checkTargets(
  service: ServicePart,
  path: Path,
  { report, places }: Pick<Reading, "report" | "places">,
): void {
  const once = (key: string, items: readonly object[], target: (index: number) => string): void => {
    const seen = new Set<string>();
    items.forEach((item, index) => {
      const place = target(index);
      if (seen.has(place)) {
        const { at, path: here } = places.of(item, [...path, key, index]);
        report.error(at, here, `got the target ${quote(place)} twice; expected each once.`);
      }
      seen.add(place);
    });
  };
  const { volumes = [], secrets = [], configs = [] } = service;
  once("volumes", volumes, (index) => volumes[index]?.target ?? "");
  for (const [key, files] of [
    ["secrets", secrets],
    ["configs", configs],
  ] as const)
    once(key, files, (index) => (files[index]?.target ?? "") || (files[index]?.source ?? ""));
}
