import { checkDependencies } from "./dependencies";
import type { Path } from "./finding";
import type { ServicePart, StackPart } from "./part";
import { checkPlacement } from "./placement";
import { checkPublished } from "./published";
import type { Reading } from "./reading";
import { checkReferences } from "./references";

/** What is wrong with the merged files as a whole: what Docker finds only while it deploys, and the engine at the end. */
export function check(part: StackPart, reading: Reading): void {
  for (const [key, service] of Object.entries(part.services)) {
    const path = ["services", key];
    checkService(service, path, reading);
    checkReferences(service, path, part, reading);
    checkPlacement(service, path, part, reading);
  }
  checkPublished(part, reading);
  checkDependencies(part, reading);
  if (Object.keys(part.services).length === 0 && !reading.places.has(["services"]))
    reading.report.warn(undefined, [], "the files declare no services: nothing will run.");
}

function checkService(service: ServicePart, path: Path, { report, places }: Reading): void {
  const error = (below: Path, message: string): void => {
    const here = [...path, ...below];
    report.error(places.at(here), here, message);
  };
  const { deploy = {}, healthcheck, credential_spec: spec = {}, image } = service;
  const isExtended = places.has([...path, "extends"]);
  if (image === "" || (!places.has([...path, "image"]) && !isExtended))
    error(
      [],
      `got no image; expected one. ${places.has([...path, "build"]) ? "A swarm builds nothing: build it, push it to a registry that all nodes reach, and name it with image." : "Name it with image."}`,
    );
  if (healthcheck?.disable === true && (healthcheck.test ?? []).length > 0)
    error(["healthcheck"], "got a test and disable; expected one of the two.");
  const specs = Object.values(spec).filter((one) => one !== "");
  if (specs.length > 1)
    error(
      ["credential_spec"],
      `got ${Object.keys(spec).join(" and ")}; expected one of config, file and registry.`,
    );
  if (
    ["global", "global-job"].includes(deploy.mode ?? "") &&
    (deploy.replicas ?? service.scale) !== undefined
  )
    error(
      ["deploy", "replicas"],
      `got replicas for mode ${deploy.mode ?? ""}, which runs one task on each node; expected none.`,
    );
  checkTwins(service, error);
  checkRestart(service, path, { report, places });
}

/** `restart`, of which a swarm knows less than Compose does. */
function checkRestart(
  { restart = "", deploy = {} }: ServicePart,
  path: Path,
  { report, places }: Pick<Reading, "report" | "places">,
): void {
  const here = [...path, "restart"];
  const warn = (message: string): void => {
    report.warn(places.at(here), here, message);
  };
  if (restart === "") return;
  if (deploy.restart_policy !== undefined)
    warn("has no effect beside deploy.restart_policy. Leave it out.");
  else if (restart === "no" && !(deploy.mode ?? "").endsWith("-job"))
    warn(
      'to a swarm "no" says nothing: a task that has ended is started again. Write deploy.restart_policy: {condition: none}.',
    );
}

/** Newer files may say one thing in two places. */
function checkTwins(service: ServicePart, error: (below: Path, message: string) => void): void {
  const { limits, reservations } = service.deploy?.resources ?? {};
  const twins = [
    ["scale", service.scale, "deploy.replicas", service.deploy?.replicas],
    ["cpus", service.cpus, "deploy.resources.limits.cpus", limits?.cpus],
    ["pids_limit", service.pids_limit, "deploy.resources.limits.pids", limits?.pids],
    [
      "mem_reservation",
      service.mem_reservation,
      "deploy.resources.reservations.memory",
      reservations?.memory,
    ],
  ] as const;
  for (const [key, here, there, value] of twins)
    if (here !== undefined && value !== undefined && here !== value)
      error([key], `is not what ${there} says; expected one of the two. Leave ${key} out.`);
}
