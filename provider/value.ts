/** Stands for a value that is not known during a preview; Pulumi's own sentinel for unknown strings. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is not known yet. */
export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** Whether a value is, or has anywhere inside it, something that is not known yet. */
export function containsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (typeof value === "object" && value !== null)
    return Object.values(value).some(containsUnknown);
  return isUnknown(value);
}

/** What is known of some values. */
export function withoutUnknown<T>(
  values: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isUnknown(value)));
}
