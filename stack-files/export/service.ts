import { filePart, mountPart, networksPart, portPart } from "./attachments";
import { deployPart } from "./deploy";
import { nonEmpty, sorted } from "./forms";
import type { Keys } from "./keys";
import type { LiveService } from "./live";
import type { Written } from "./yaml";

/** A service as a stack file says it, as far as one can. */
export function servicePart(
  keys: Keys,
  key: string,
  service: LiveService,
): Record<string, Written> {
  return {
    image: service.image,
    entrypoint: service.command,
    command: service.args,
    environment: environmentPart(service),
    ...containerPart(keys, service),
    logging: loggingPart(service),
    healthcheck: healthcheckPart(service.healthcheck),
    credential_spec: credentialPart(keys, service.credentialSpec),
    networks: networksPart(keys, service, key),
    ports: service.ports?.map(portPart),
    volumes: service.mounts?.map((mount) => mountPart(keys, mount)),
    secrets: service.secrets?.map((file) => filePart(keys, "secrets", file)),
    configs: service.configs?.map((file) => filePart(keys, "configs", file)),
    deploy: deployPart(keys, service),
  };
}

function containerPart(keys: Keys, service: LiveService): Record<string, Written> {
  return {
    labels: keys.labels(service.containerLabels),
    hostname: service.hostname,
    user: service.user,
    group_add: service.groups,
    working_dir: service.workingDir,
    tty: service.tty,
    stdin_open: service.stdin,
    read_only: service.readOnly,
    init: service.init,
    stop_signal: service.stopSignal,
    stop_grace_period: service.stopGracePeriod,
    isolation: service.isolation,
    dns: service.dns,
    dns_search: service.dnsSearch,
    dns_opt: service.dnsOptions,
    extra_hosts: service.hosts?.map(hostLine),
    cap_add: service.capAdd,
    cap_drop: service.capDrop,
    sysctls: service.sysctls,
    ulimits: ulimitsPart(service.ulimits),
  };
}

/** What is taken away of the image's environment is a name alone. */
function environmentPart({ env = {}, envUnset = [] }: LiveService): Written {
  const unset = envUnset.map((name): [string, null] => [name, null]);
  return nonEmpty(sorted({ ...env, ...Object.fromEntries(unset) }));
}

/** Docker keeps `address name`. */
function hostLine(line: string): string {
  const [, address = "", name = line] = /^(\S+) (.*)$/s.exec(line) ?? [];
  return `${name}:${address}`;
}

function ulimitsPart(ulimits: LiveService["ulimits"]): Written {
  if (ulimits === undefined) return undefined;
  return Object.fromEntries(
    ulimits.map(({ name, soft, hard }) => [name, soft === hard ? soft : { soft, hard }]),
  );
}

function loggingPart({ logDriver }: LiveService): Written {
  return logDriver && nonEmpty({ driver: logDriver.name, options: logDriver.options });
}

function healthcheckPart(check: LiveService["healthcheck"]): Written {
  if (check === undefined) return undefined;
  const { disable, test, interval, timeout, retries, startPeriod, startInterval } = check;
  return nonEmpty({
    disable,
    test,
    interval,
    timeout,
    retries,
    start_period: startPeriod,
    start_interval: startInterval,
  });
}

function credentialPart(keys: Keys, spec: LiveService["credentialSpec"]): Written {
  if (spec === undefined) return undefined;
  const { config, file, registry } = spec;
  return nonEmpty({
    config: config === undefined ? undefined : keys.reference("configs", config),
    file,
    registry,
  });
}
