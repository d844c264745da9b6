const SHORTEST = 4;

/**
 * Takes secret values out of a text: the last defence, for messages of others that quote what they were given.
 * A value is found as it is, as JSON writes it and in base64. Values under four characters are left: they would
 * hollow out every text.
 */
export function scrub(text: string, secrets: Iterable<string>): string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    forms.add(secret);
    forms.add(JSON.stringify(secret).slice(1, -1));
    forms.add(Buffer.from(secret).toString("base64"));
    if (secret.includes("\n"))
      for (const line of secret.split("\n")) if (line.length >= 16) forms.add(line);
  }
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((clean, form) => clean.replaceAll(form, "[secret]"), text);
}
