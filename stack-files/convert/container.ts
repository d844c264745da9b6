import type { ServiceArgs } from "../../resources/service";
import type {
  CredentialSpec,
  Healthcheck,
  LogDriver,
  Ulimit,
} from "../../resources/service-container";
import type { Path } from "../finding";
import type { ServiceModel } from "../model";
import { said } from "../said";
import { durationOf } from "./measures";
import { filled, sortedRecord } from "./conversion";
import type { Conversion } from "./conversion";

/** What says how each container of a service is, apart from what it is connected to. */
type ContainerArgs = Pick<
  ServiceArgs,
  | "command"
  | "args"
  | "env"
  | "envUnset"
  | "workingDir"
  | "user"
  | "groups"
  | "hostname"
  | "hosts"
  | "dns"
  | "dnsSearch"
  | "dnsOptions"
  | "containerLabels"
  | "tty"
  | "stdin"
  | "readOnly"
  | "init"
  | "stopSignal"
  | "stopGracePeriod"
  | "isolation"
  | "healthcheck"
  | "credentialSpec"
  | "capAdd"
  | "capDrop"
  | "sysctls"
  | "ulimits"
  | "logDriver"
>;

/** The arguments about each container. */
export function containerArgs(
  conversion: Conversion,
  key: string,
  service: ServiceModel,
): ContainerArgs {
  const path = ["services", key];
  return said({
    command: filled([...(service.entrypoint ?? [])]),
    args: filled([...(service.command ?? [])]),
    ...environmentOf(service.environment),
    workingDir: service.workingDir,
    user: service.user,
    groups: filled([...(service.groupAdd ?? [])]),
    hostname: service.hostname,
    hosts: filled([...service.extraHosts]),
    dns: filled([...service.dns]),
    dnsSearch: filled([...service.dnsSearch]),
    dnsOptions: filled([...service.dnsOptions]),
    containerLabels: conversion.labelled(service.labels),
    tty: service.tty,
    stdin: service.stdinOpen,
    readOnly: service.readOnly,
    init: service.init,
    stopSignal: service.stopSignal,
    stopGracePeriod: durationOf(service.stopGracePeriod),
    isolation: isolationOf(conversion, [...path, "isolation"], service),
    healthcheck: healthcheckOf(service),
    credentialSpec: credentialSpecOf(conversion, service),
    capAdd: filled([...service.capAdd]),
    capDrop: filled([...service.capDrop]),
    sysctls: filled(sortedRecord(service.sysctls)),
    ulimits: filled(service.ulimits.map(({ name, soft, hard }): Ulimit => ({ name, soft, hard }))),
    logDriver: logDriverOf(service),
  });
}

function environmentOf(
  environment: ServiceModel["environment"],
): Pick<ContainerArgs, "env" | "envUnset"> {
  const all = Object.entries(environment);
  const env = all.filter((one): one is [string, string] => one[1] !== null);
  const unset = all.filter(([, value]) => value === null).map(([name]) => name);
  return said({
    env: filled(sortedRecord(Object.fromEntries(env))),
    envUnset: filled(unset.sort()),
  });
}

const isolations = ["default", "process", "hyperv"] as const;

function isolationOf(
  conversion: Conversion,
  path: Path,
  { isolation = "" }: ServiceModel,
): ContainerArgs["isolation"] {
  const found = isolations.find((word) => word === isolation.toLowerCase());
  if (found === undefined && isolation !== "") {
    const expected = isolations.map((word) => `"${word}"`).join(", ");
    conversion.error(path, `got "${isolation}"; expected one of ${expected}.`);
  }
  return found;
}

function healthcheckOf({ healthcheck: check }: ServiceModel): Healthcheck | undefined {
  if (check === undefined) return undefined;
  const { disable, test = [], retries } = check;
  if (disable === true || test[0] === "NONE") return { disable: true };
  return filled(
    said({
      test: filled([...test]),
      interval: durationOf(check.interval),
      timeout: durationOf(check.timeout),
      retries,
      startPeriod: durationOf(check.startPeriod),
      startInterval: durationOf(check.startInterval),
    }),
  );
}

function credentialSpecOf(
  conversion: Conversion,
  { credentialSpec }: ServiceModel,
): CredentialSpec | undefined {
  if (credentialSpec === undefined) return undefined;
  const { config, file, registry } = credentialSpec;
  return filled(
    said({
      config: config === undefined ? undefined : conversion.nameFor("configs", config),
      file,
      registry,
    }),
  );
}

function logDriverOf({ logging }: ServiceModel): LogDriver | undefined {
  if (logging === undefined) return undefined;
  const options = filled(sortedRecord(logging.options));
  return filled(said({ name: logging.driver, options }));
}
