import type { Node } from "@docker/node-sdk";
import { lineOf } from "../../../consequences/lines";
import { nodeFinding } from "../../../consequences/node";
import { serviceFinding } from "../../../consequences/service";
import { commandsOf, readPage } from "../../drills/page";
import { changed, node, running, swarm } from "./swarm";

// Proves that what two pages show of a preview is what it says of such a swarm.

const second = 1e9;
const healthy = {
  ContainerSpec: { Image: "web:1", Healthcheck: { Test: ["CMD", "true"], Interval: 5 * second } },
};
const worker = node("worker-3");
const web = running("web", ["worker-1", "worker-3", "worker-3"], {
  TaskTemplate: healthy,
  UpdateConfig: { Order: "start-first", Parallelism: 1, Delay: 4 * second },
});
const api = running("api", ["manager-1", ...Array.from({ length: 4 }, () => "worker-3")]);
const cache = running("cache", ["worker-3"], {
  TaskTemplate: { Placement: { Constraints: ["node.labels.disk==fast"] } },
});
const world = swarm(
  [node("manager-1", { Role: "manager" }), node("worker-1"), worker],
  web,
  api,
  cache,
);

it.each(["README.md", "docs/consequences.md"])("%s shows what a preview says", (path) => {
  const after: Node = { ...worker, Spec: { ...worker.Spec, Availability: "drain" } };
  const newImage = changed(web, (spec) => {
    Object.assign(spec.TaskTemplate.ContainerSpec ?? {}, { Image: "web:2" });
  });
  const shown = readPage(path)
    .blocks.flatMap(commandsOf)
    .find(({ output }) => output.some((line) => line.includes("worker-3")));
  expect(shown?.line).toBe("npm run preview -- --stack prod");
  expect(shown?.output.map((line) => line.trim())).toEqual(
    expect.arrayContaining([
      lineOf(serviceFinding(world, { service: web.service, after: newImage })),
      lineOf(nodeFinding(world, { node: worker, after })),
    ]),
  );
});
