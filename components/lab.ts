import { LabMachine } from "../resources/lab-machine";
import { LabServices } from "../resources/lab-services";
import type { ClusterArgs, MachineSource } from "./cluster-args";
import { labOf, labReach, type LabArgs, type LabClusterArgs } from "./lab-args";

/** The arguments of a cluster whose machines are booted on this computer, where `lab` says so. */
export function inLab(args: LabClusterArgs): ClusterArgs {
  const { lab: given, ...rest } = args;
  const lab = labOf(given);
  return lab === undefined ? rest : { ...rest, machines: labMachines(args, lab) };
}

function labMachines(args: LabClusterArgs, { image, memory }: Required<LabArgs>): MachineSource {
  return {
    ...labReach(args),
    make: (name, options) => {
      const engines = declaredEngines(args);
      const services = new LabServices(
        `${name}-lab`,
        { image, ...(engines.length === 0 ? {} : { engines }) },
        options(),
      );
      const machines = Object.keys(args.hosts)
        .sort()
        .map((host) => {
          const its = { host, memory: args.hosts[host]?.memory ?? memory };
          return [host, new LabMachine(`${name}-machine-${host}`, its, options(services))] as const;
        });
      return {
        engine: {
          repository: services.repository,
          registryMirrors: [services.registryMirror],
        },
        machines: Object.fromEntries(
          machines.map(([host, resource]) => [host, { address: resource.address, resource }]),
        ),
      };
    },
  };
}

/** Versions of the engine that all hosts and single ones declare, each once. */
function declaredEngines({ engine, hosts }: LabClusterArgs): string[] {
  const all = [engine, ...Object.values(hosts).map((host) => host.engine)];
  return [...new Set(all.flatMap(({ version } = {}) => version ?? []))].sort();
}
