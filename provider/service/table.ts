import { textMap } from "../fields/collections";
import { field } from "../fields/field";
import { textLike } from "../fields/scalars";
import { attachmentRows } from "./attachment-rows";
import { containerRows } from "./container-rows";
import { deployRows } from "./deploy-rows";
import { imageForm } from "../workload/image";

/**
 * Every property of a service: how it is written, where Docker keeps it, Docker's default. Validation, conversion both
 * ways, the diff and the served schema all come from here; a new property is a new row.
 *
 * @see https://docs.docker.com/reference/api/engine/version/v1.45/#tag/Service
 */
export const serviceTable = {
  name: field(
    textLike(
      /^[a-zA-Z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?$/,
      "letters, digits, - and _, starting and ending with a letter or digit",
    ),
    "Name",
    "Name of the service, unique in the swarm. Default: the resource's. A change makes a new service.",
    { replace: true },
  ),
  labels: field(
    textMap,
    "Labels",
    "Labels of the service (`containerLabels` are the containers').",
  ),
  image: field(
    imageForm,
    "TaskTemplate.ContainerSpec.Image",
    "Image, with tag or digest. `imageRefresh` says when a tag is pinned to the digest that it stands for.",
    { required: true },
  ),
  ...containerRows,
  ...attachmentRows,
  ...deployRows,
};

/** What the groups of properties are about. */
export const serviceGroups = {
  healthcheck: "How Docker sees whether a task is healthy.",
  credentialSpec: "Service account of Windows containers; one of the three.",
  privileges: "Security settings of the containers.",
  limits: "What a task may use at most.",
  reservations: "What a node must have to spare for a task.",
  restartPolicy: "When and how often a task that ended is started again.",
  placement: "Which nodes tasks may run on.",
  logDriver: "Where the tasks' output goes.",
  updateConfig: "How a change reaches the tasks.",
  rollbackConfig: "How Docker goes back after a failed update.",
};
