import type { DeployPart } from "./deploy-table";
import type { DeployModel, HealthcheckModel, PolicyModel, ServiceModel } from "./model";
import type { ServicePart } from "./part";
import { said } from "./said";

/**
 * The long form of a service, with the keys that newer files have beside `deploy` in their place there.
 *
 * @param services - those of the stack: what is not among them, and need not be, is nothing to wait for
 */
export function serviceModel(part: ServicePart, services: ReadonlySet<string>): ServiceModel {
  const { image = "", environment = {}, labels = {}, logging, credential_spec } = part;
  return {
    ...said({
      image,
      environment,
      labels,
      entrypoint: part.entrypoint,
      command: part.command,
      hostname: part.hostname,
      user: part.user,
      workingDir: part.working_dir,
      tty: part.tty,
      stdinOpen: part.stdin_open,
      readOnly: part.read_only,
      init: part.init,
      stopSignal: part.stop_signal,
      stopGracePeriod: part.stop_grace_period,
      isolation: part.isolation,
      groupAdd: part.group_add,
      restart: part.restart,
      credentialSpec: credential_spec,
      healthcheck: part.healthcheck === undefined ? undefined : healthcheck(part.healthcheck),
      logging:
        logging === undefined
          ? undefined
          : { ...said({ driver: logging.driver }), options: logging.options ?? {} },
      dns: part.dns ?? [],
      dnsSearch: part.dns_search ?? [],
      dnsOptions: part.dns_opt ?? [],
      extraHosts: part.extra_hosts ?? [],
      sysctls: part.sysctls ?? {},
      ports: part.ports ?? [],
      mounts: part.volumes ?? [],
      secrets: part.secrets ?? [],
      configs: part.configs ?? [],
      deploy: deploy(part),
    }),
    ...capabilities(part.cap_add ?? [], part.cap_drop ?? []),
    ulimits: Object.entries(part.ulimits ?? {})
      .map(([name, limit]) => ({ name, ...limit }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    ...relations(part, services),
  };
}

function relations(
  { networks = {}, depends_on: dependsOn = {} }: ServicePart,
  services: ReadonlySet<string>,
): Pick<ServiceModel, "networks" | "dependsOn"> {
  return {
    networks: Object.fromEntries(
      Object.entries(networks).map(([key, attachment]) => [
        key,
        { aliases: attachment?.aliases ?? [], driverOpts: attachment?.driverOpts ?? {} },
      ]),
    ),
    dependsOn: Object.fromEntries(
      Object.entries(dependsOn)
        .filter(([key]) => services.has(key))
        .map(([key, { condition }]) => [key, condition]),
    ),
  };
}

/**
 * Capabilities in the engine's spelling, sorted: ALL swallows the others, and what is added is not dropped.
 *
 * @see https://github.com/docker/cli/blob/v29.7.2/opts/capabilities.go
 */
function capabilities(
  add: readonly string[],
  drop: readonly string[],
): Pick<ServiceModel, "capAdd" | "capDrop"> {
  const effective = (list: readonly string[]): readonly string[] => {
    const names = list.map((name) => {
      const upper = name.trim().toUpperCase();
      return upper === "ALL" || upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
    });
    return names.includes("ALL") ? ["ALL"] : [...new Set(names)].sort();
  };
  const capAdd = effective(add);
  return { capAdd, capDrop: effective(drop).filter((name) => !capAdd.includes(name)) };
}

function healthcheck(part: NonNullable<ServicePart["healthcheck"]>): HealthcheckModel {
  return said({
    disable: part.disable,
    test: part.test,
    interval: part.interval,
    timeout: part.timeout,
    startPeriod: part.start_period,
    startInterval: part.start_interval,
    retries: part.retries,
  });
}

function policy(part: NonNullable<DeployPart["update_config"]>): PolicyModel {
  return said({
    parallelism: part.parallelism,
    delay: part.delay,
    failureAction: part.failure_action,
    monitor: part.monitor,
    maxFailureRatio: part.max_failure_ratio,
    order: part.order,
  });
}

function deploy(part: ServicePart): DeployModel {
  const { update_config, rollback_config, restart_policy, placement, resources, ...own } =
    part.deploy ?? {};
  return {
    ...said({
      mode: own.mode,
      replicas: own.replicas ?? part.scale,
      endpointMode: own.endpoint_mode,
      updateConfig: update_config === undefined ? undefined : policy(update_config),
      rollbackConfig: rollback_config === undefined ? undefined : policy(rollback_config),
      limits: limits(resources?.limits, part),
      reservations: reservations(resources?.reservations, part),
      restartPolicy:
        restart_policy === undefined
          ? undefined
          : said({
              condition: restart_policy.condition,
              delay: restart_policy.delay,
              maxAttempts: restart_policy.max_attempts,
              window: restart_policy.window,
            }),
      placement:
        placement === undefined
          ? undefined
          : {
              constraints: placement.constraints ?? [],
              preferences: (placement.preferences ?? []).flatMap(({ spread }) => spread ?? []),
              ...said({ maxReplicasPerNode: placement.max_replicas_per_node }),
            },
    }),
    labels: own.labels ?? {},
  };
}

type Resources = NonNullable<DeployPart["resources"]>;

function limits(part: Resources["limits"], service: ServicePart): DeployModel["limits"] {
  const merged = said({
    nanoCpus: part?.cpus ?? service.cpus,
    memory: part?.memory,
    pids: part?.pids ?? service.pids_limit,
  });
  return part === undefined && Object.keys(merged).length === 0 ? undefined : merged;
}

function reservations(
  part: Resources["reservations"],
  service: ServicePart,
): DeployModel["reservations"] {
  const memory = part?.memory ?? service.mem_reservation;
  if (part === undefined && memory === undefined) return undefined;
  return {
    ...said({ nanoCpus: part?.cpus, memory }),
    genericResources: part?.generic_resources ?? [],
  };
}
