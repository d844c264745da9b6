import { isDeepStrictEqual } from "node:util";
import { normalForm } from "../fields/form";
import type { Form } from "../fields/form";
import { text } from "../fields/scalars";

/** The parts of an image's name. */
export interface ImageReference {
  /** Registry and repository in full: `docker.io/library/nginx`. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

/**
 * Parts of an image's name, with Docker Hub's short forms written out.
 *
 * @see https://pkg.go.dev/github.com/distribution/reference#ParseNormalizedNamed
 */
export function parseImage(image: string): ImageReference {
  const [name = "", digest] = image.split("@", 2);
  const colon = name.lastIndexOf(":");
  const hasTag = colon > name.lastIndexOf("/");
  const path = hasTag ? name.slice(0, colon) : name;
  const tag = hasTag ? name.slice(colon + 1) : undefined;
  return { repository: fullRepository(path), tag, digest };
}

function fullRepository(path: string): string {
  const [first = "", ...rest] = path.split("/");
  const isRegistry = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const [registry, repository] = isRegistry ? [first, rest.join("/")] : ["docker.io", path];
  const hub = registry === "index.docker.io" ? "docker.io" : registry;
  return hub === "docker.io" && !repository.includes("/")
    ? `docker.io/library/${repository}`
    : `${hub}/${repository}`;
}

/** The image without the digest that the provider or Docker's CLI has pinned its tag to. */
export function withoutPin(image: string): string {
  const { tag, digest } = parseImage(image);
  return tag !== undefined && digest !== undefined ? image.slice(0, image.indexOf("@")) : image;
}

/** The image with a digest beside its tag; as it is without one. */
export function pinnedTo(image: string, digest: string | undefined): string {
  const { tag, digest: own } = parseImage(image);
  if (digest === undefined || own !== undefined) return image;
  return `${tag === undefined ? `${image}:latest` : image}@${digest}`;
}

/** The registry in an image's full name: `docker.io`, `registry.example.org:5000`. */
export function registryOf(image: string): string {
  const [registry = ""] = parseImage(image).repository.split("/");
  return registry;
}

/** Whether two images are one tag of one repository, whatever their digests. */
export function isSameTag(one: string, other: string): boolean {
  const named = (image: string): string => {
    const { repository, tag = "latest", digest } = parseImage(image);
    return parseImage(image).tag === undefined && digest !== undefined
      ? `${repository}@${digest}`
      : `${repository}:${tag}`;
  };
  return named(one) === named(other);
}

/** Digest of a pinned image. */
export function digestOf(image: string): string | undefined {
  return parseImage(image).digest;
}

/**
 * An image's name. Two names mean the same when they name one tag of one repository (no tag is `latest`) and the same
 * digest, if any. A live image that is pinned shows as its tag alone where the tag alone was declared.
 */
export const imageForm: Form<string> = {
  ...text,
  normal: (image) => {
    const { repository, tag, digest } = parseImage(image);
    const name = digest === undefined ? `${repository}:${tag ?? "latest"}` : repository;
    return { name: tag === undefined ? name : `${repository}:${tag}`, digest };
  },
  // A tag alone says nothing about the digest that it was pinned to.
  compare: (old, news) =>
    digestOf(news) === undefined && isSameTag(old, news) ? {} : { "": "update" },
  settle: (live, known) => {
    const shown = digestOf(known) === undefined ? withoutPin(live) : live;
    return isDeepStrictEqual(normalForm(imageForm, shown), normalForm(imageForm, known))
      ? known
      : shown;
  },
};
