import type { StackPart } from "./part";
import type { Reading } from "./reading";
import { quote } from "./value";

/** Leaves out the services whose profiles are not chosen, and says so. */
export function inProfiles(
  part: StackPart,
  chosen: readonly string[],
  { report, places }: Reading,
): StackPart {
  const services = Object.entries(part.services).filter(([key, { profiles = [] }]) => {
    const runs = profiles.length === 0 || profiles.some((one) => chosen.includes(one));
    const path = ["services", key, "profiles"];
    if (!runs)
      report.warn(
        places.at(path),
        path,
        `${key} is left out: none of its profiles (${profiles.map(quote).join(", ")}) is chosen. Choose one with profiles of the stack, or --profile.`,
      );
    return runs;
  });
  return { ...part, services: Object.fromEntries(services) };
}
