import { CLOCK_SERVICES, CLOCK_UNITS } from "../facts";
import type { Facts } from "../facts";
import type { HostSpec } from "../host-spec";
import { platformOf } from "../platforms/platform";
import type { Step } from "../step";
import { PACKAGE_SECONDS } from "./system";
import timeService from "../scripts/time-service.sh";

/** Services that are meant by `timeService`, the better ones first. */
function unitsFor(wanted: NonNullable<HostSpec["timeService"]>): readonly string[] {
  return wanted === "any" ? CLOCK_UNITS : CLOCK_SERVICES[wanted];
}

/** Brings the declared time service to a machine that has no such service. */
function packageSteps(facts: Facts, { packages, timeService: wanted }: HostSpec): Step[] {
  if (wanted === undefined || unitsFor(wanted).some((unit) => facts.units[unit]?.present))
    return [];
  const { clockService: usual, scripts } = platformOf(facts);
  const name = (wanted === "any" ? usual : wanted) === "chrony" ? "chrony" : "systemd-timesyncd";
  // Declared as a package, too, it is there by now.
  if (packages.includes(name)) return [];
  return [
    {
      id: "clock-package",
      title: `installing ${name}`,
      path: "timeService",
      script: scripts.installPackages,
      args: [name],
      deadlineSeconds: PACKAGE_SECONDS,
    },
  ];
}

/** The time service that keeps the clock now and after each boot: `chronyd`; undefined for none. */
export function clockService({ units }: Facts): string | undefined {
  const unit = CLOCK_UNITS.find((name) => units[name]?.running === true && units[name].enabled);
  return unit?.replace(/\.service$/, "");
}

/** Whether the clock is kept as declared. */
export function isClockKept(facts: Facts, wanted: NonNullable<HostSpec["timeService"]>): boolean {
  const units = unitsFor(wanted);
  const running = CLOCK_UNITS.filter((name) => facts.units[name]?.running === true);
  return (
    running.some((name) => units.includes(name) && facts.units[name]?.enabled === true) &&
    running.every((name) => units.includes(name))
  );
}

/** A service that sets the clock. */
export function clockSteps(facts: Facts, spec: HostSpec): Step[] {
  const { timeService: wanted } = spec;
  if (wanted === undefined || isClockKept(facts, wanted)) return [];
  const units = [...unitsFor(wanted)];
  // One that runs and is only forgotten at boot is the one to keep.
  const weight = (name: string): number => (facts.units[name]?.running === true ? 0 : 1);
  return [
    ...packageSteps(facts, spec),
    {
      id: "clock",
      title: "turning on the time service",
      path: "timeService",
      script: timeService,
      args: [
        ...units.sort((a, b) => weight(a) - weight(b)),
        "--",
        ...CLOCK_UNITS.filter((name) => !units.includes(name)),
      ],
    },
  ];
}
