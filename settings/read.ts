import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { ApplicationDeclaration } from "../components/application";
import type { EngineArgs, ExternalCaArgs } from "../components/cluster-args";
import { encryptedPaths, isEncrypted, type EncryptedPath } from "./encrypted";
import { entriesOf, isMap } from "./loose";
import { decode, parseSettings } from "./parse";
import { render } from "./problem";
import type { Settings } from "./schema";
import { stackFileErrors } from "./stack-files";

/**
 * The stack's configuration, checked as a whole with the stack files that it names. The only place where configuration
 * is read.
 *
 * @param hasLab - whether the program can boot machines; without it `swarm:lab` is refused
 * @throws pulumi.RunError that lists everything wrong with it, before anything is made
 */
export function readConfiguration(hasLab: boolean): Settings {
  const encrypted = encryptedPaths(readStackFile(), secretKeys());
  const raw = decode(pulumi.runtime.allConfig());
  const parsed = parseSettings(raw, encrypted, hasLab);
  const problems = [
    ...("problems" in parsed ? parsed.problems.map(render) : []),
    ...stackFileErrors(raw.stacks, encrypted),
  ];
  if (problems.length > 0 || "problems" in parsed) {
    const file = `Pulumi.${pulumi.getStack()}.yaml`;
    const lines = problems.map((problem) => `\n  ${problem}`);
    throw new pulumi.RunError(`${file} cannot be used; nothing was touched.${lines.join("")}`);
  }
  for (const warning of parsed.warnings) void pulumi.log.warn(warning);
  return sealed(parsed.settings, encrypted);
}

/** The text of the stack's file in the project's folder; undefined where the user keeps it elsewhere. */
function readStackFile(): string | undefined {
  const project = pulumi.getRootDirectory();
  // Tests without an engine have none.
  const folder = isAbsolute(project) ? project : process.cwd();
  const file = join(folder, `Pulumi.${pulumi.getStack()}.yaml`);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Keys that hold something encrypted, as the language host hands them to the SDK, which keeps them to itself. */
function secretKeys(): string[] {
  const keys = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as readonly string[];
  return keys.filter((key) => key.startsWith("swarm:")).map((key) => key.slice("swarm:".length));
}

/** What the user encrypted and no schema calls secret stays so in state and preview. */
function sealed(settings: Settings, encrypted: readonly EncryptedPath[]): Settings {
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
    ...(settings.stacks === undefined ? {} : { stacks: sealedStacks(settings.stacks, encrypted) }),
  };
}

function sealedEngine({ daemon, ...engine }: EngineArgs): EngineArgs {
  return daemon === undefined ? engine : { ...engine, daemon: pulumi.secret(daemon) };
}

/** Values of configs that are encrypted; those of secrets are secret anyway. */
function sealedStacks(
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
