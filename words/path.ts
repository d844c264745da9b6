/** Path of a value in the words of the file that it stands in: `services.web.ports[0]`. */
export function pathOf(keys: readonly PropertyKey[]): string {
  return keys
    .map((key, at) => {
      if (typeof key === "number") return `[${key}]`;
      const word = /^[\w-]+$/.test(String(key)) ? String(key) : JSON.stringify(String(key));
      return at === 0 ? word : `.${word}`;
    })
    .join("");
}
