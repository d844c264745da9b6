/** `"a" or "b"`. */
export function alternatives(values: readonly unknown[]): string {
  const words = values.map((value) => JSON.stringify(value));
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}
