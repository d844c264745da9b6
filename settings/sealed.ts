import * as pulumi from "@pulumi/pulumi";
import type { ApplicationDeclaration } from "../components/application";
import type { ClusterArgs, EngineArgs, ExternalCaArgs } from "../components/cluster-args";
import { isEncrypted, type EncryptedPath } from "./encrypted";
import { entriesOf, isMap } from "./loose";

/** What the user encrypted of a cluster's arguments, and no schema calls secret, stays so in state and preview. */
export function sealed<Args extends ClusterArgs>(
  settings: Args,
  encrypted: readonly EncryptedPath[],
): Args {
  const { engine, settings: swarm } = settings;
  const isSecret = (...at: string[]): boolean => isEncrypted(encrypted, at);
  return {
    ...settings,
    ...(engine !== undefined && isSecret("engine", "daemon")
      ? { engine: sealedEngine(engine) }
      : {}),
    hosts: Object.fromEntries(
      Object.entries(settings.hosts).map(([name, host]) => [
        name,
        host.engine !== undefined && isSecret("hosts", name, "engine", "daemon")
          ? { ...host, engine: sealedEngine(host.engine) }
          : host,
      ]),
    ),
    ...(swarm?.externalCas !== undefined && isSecret("settings", "externalCas")
      ? { settings: { ...swarm, externalCas: swarm.externalCas.map(sealedAuthority) } }
      : {}),
  };
}

function sealedEngine({ daemon, ...engine }: EngineArgs): EngineArgs {
  return daemon === undefined ? engine : { ...engine, daemon: pulumi.secret(daemon) };
}

/** Values of configs that are encrypted; those of secrets are secret anyway. */
export function sealedStacks(
  stacks: Readonly<Record<string, ApplicationDeclaration>>,
  encrypted: readonly EncryptedPath[],
): Record<string, ApplicationDeclaration> {
  return Object.fromEntries(
    Object.entries(stacks).map(([name, { configs, ...stack }]) => [
      name,
      configs === undefined
        ? stack
        : { ...stack, configs: sealedConfigs(name, configs, encrypted) },
    ]),
  );
}

function sealedConfigs(
  stack: string,
  configs: unknown,
  encrypted: readonly EncryptedPath[],
): Record<string, unknown> {
  return Object.fromEntries(
    entriesOf(configs).map(([key, binding]) => {
      if (!isEncrypted(encrypted, ["stacks", stack, "configs", key])) return [key, binding];
      if (!isMap(binding)) return [key, pulumi.secret(binding)];
      const { value } = binding;
      return [key, value === undefined ? binding : { ...binding, value: pulumi.secret(value) }];
    }),
  );
}

function sealedAuthority({ options, ...authority }: ExternalCaArgs): ExternalCaArgs {
  return options === undefined ? authority : { ...authority, options: pulumi.secret(options) };
}
