import { PASSWORD_TOKEN, SECRET_OUTPUTS } from "./resource";

const type = (name: string) => ({ type: name });
const inputs = {
  keepers: { type: "object", additionalProperties: type("string") },
  length: type("integer"),
  lower: type("boolean"),
  minLower: type("integer"),
  minNumeric: type("integer"),
  minSpecial: type("integer"),
  minUpper: type("integer"),
  number: type("boolean"),
  numeric: type("boolean"),
  overrideSpecial: type("string"),
  special: type("boolean"),
  upper: type("boolean"),
};
const outputs = Object.fromEntries(
  SECRET_OUTPUTS.map((name) => [name, { type: "string", secret: true }]),
);

/** The schema that `pulumi package get-schema random` shows, at the version of the npm package in use. */
export function servedSchema(version: string): string {
  return JSON.stringify({
    name: "random",
    version,
    resources: {
      [PASSWORD_TOKEN]: {
        description: "A password, made once and kept until an argument changes.",
        properties: { ...inputs, ...outputs },
        required: Object.keys({ ...inputs, ...outputs }).filter(
          (name) => name !== "keepers" && name !== "overrideSpecial",
        ),
        inputProperties: inputs,
        requiredInputs: ["length"],
      },
    },
  });
}
