import type { Facts } from "./facts";
import type { EngineSpec } from "./host-spec";
import { platformOf } from "./platforms/platform";
import { readSigningKeys } from "./signing-keys";

/**
 * Fingerprints of the keys that may sign the engine's packages; undefined: whatever key lies beside them.
 */
function acceptedKeys(
  facts: Pick<Facts, "os">,
  { repositoryKey }: Pick<EngineSpec, "repositoryKey">,
): readonly string[] | undefined {
  if (repositoryKey === false) return undefined;
  return (repositoryKey ?? [platformOf(facts).dockerKey]).map(plainFingerprint);
}

/** `9DC8 5822 …` → `9DC85822…`, as gpg prints it and as it is compared. */
function plainFingerprint(text: string): string {
  return text.replace(/\s+/g, "").toUpperCase();
}

/** Whether the key on the machine is one that may be there. */
export function isTrusted(facts: Facts, engine: Pick<EngineSpec, "repositoryKey">): boolean {
  const { repositoryKeys } = facts.engine;
  if (repositoryKeys === undefined) return false;
  const accepted = acceptedKeys(facts, engine);
  if (accepted === undefined) return true;
  return repositoryKeys.length > 0 && repositoryKeys.every((key) => accepted.includes(key));
}

/**
 * The key as it is written to the machine, once it is known to be the right one.
 *
 * @param text - what the repository has under `url`
 * @throws Error with both fingerprints when it is another one
 */
export async function trustedKey(
  text: string,
  url: string,
  facts: Pick<Facts, "os">,
  engine: Pick<EngineSpec, "repositoryKey">,
): Promise<string> {
  const { fingerprints, armored } = await readSigningKeys(text).catch((cause: unknown) => {
    throw new Error(`${url}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  const accepted = acceptedKeys(facts, engine);
  const foreign = fingerprints.filter((key) => accepted?.includes(key) === false);
  if (foreign.length > 0)
    throw new Error(
      `${url}: got a key with the fingerprint ${foreign.join(" and ")}; expected ${accepted?.join(" or ") ?? ""}${engine.repositoryKey === undefined ? ", Docker's own" : ""}. ` +
        "Nothing was installed, and the key is not trusted. If it is the right one, learn its fingerprint from those who keep the repository and declare it as engine.repositoryKey.",
    );
  return armored;
}
