import type { z } from "zod";
import { configType } from "../../../provider/config/config";
import type { Tree } from "../../../provider/fields/paths";
import { schemaOf } from "../../../provider/fields/table";
import { networkTable } from "../../../provider/network/table";
import { secretType } from "../../../provider/secret/secret";
import { serviceInputs } from "../../../provider/service/arguments";
import { guardService } from "../../../provider/service/guards";
import type { StackDeclaration } from "../../../stack-files/declaration";

const schemas: Readonly<Record<keyof StackDeclaration, z.ZodType>> = {
  networks: schemaOf(networkTable),
  secrets: secretType.inputs,
  configs: configType.inputs,
  services: serviceInputs,
};

/** What the resources themselves would refuse about a stack. */
export function refusalsOf(declaration: StackDeclaration): string[] {
  return (["networks", "secrets", "configs", "services"] as const).flatMap((section) =>
    Object.entries(declaration[section]).flatMap(([key, entry]: [string, object]) => {
      if (!("args" in entry)) return [];
      const issues = schemas[section].safeParse(entry.args).error?.issues ?? [];
      const failures = section === "services" ? guardService(entry.args as Tree) : [];
      return [
        ...issues.map(({ path, message }) => `${section}.${key}.${path.join(".")}: ${message}`),
        ...failures.map(({ path, reason }) => `${section}.${key}.${path}: ${reason}`),
      ];
    }),
  );
}
