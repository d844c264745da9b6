import type { ImageInspect } from "@docker/node-sdk";
import type { Engine } from "../engine";
import { EngineError } from "../engine-errors";
import { Lines } from "../lines";
import { segment } from "./call";
import type { CallOptions } from "./call";

/** One image of this engine's own machine by id or name. */
export async function inspectImage(
  engine: Engine,
  name: string,
  options: CallOptions = {},
): Promise<ImageInspect> {
  return engine.request("GET", `/images/${segment(name)}/json`, options);
}

/** What a pull says of one layer, or of itself. */
interface PullLine {
  readonly id?: string;
  readonly status?: string;
  readonly error?: string;
}

/** What is asked of a pull. */
export interface PullOptions extends CallOptions {
  /** The account for the image's registry (`X-Registry-Auth`). @default - none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Called with the layers that are there and all that are known so far. */
  readonly onLayers?: (done: number, all: number) => void;
}

const PULL = "/images/create";

/** Words of Docker for a layer that needs nothing more. */
const DONE = /^(Pull complete|Already exists|Download complete)$/;

/**
 * Has this engine fetch an image from its registry. The deadline is for the first answer; `signal` ends the rest.
 *
 * @param name - with a tag or a digest: without either Docker would fetch every tag
 * @throws EngineError with the registry's words
 */
export async function pullImage(
  engine: Engine,
  name: string,
  { onLayers, ...options }: PullOptions = {},
): Promise<void> {
  const query = { fromImage: name };
  const stream = await engine.stream("POST", PULL, { ...options, query });
  const layers = new Map<string, boolean>();
  let refused: string | undefined;
  const lines = new Lines((text) => {
    const { id, status = "", error } = parsed(text);
    refused ??= error;
    if (id === undefined || !/^[0-9a-f]{6,64}$/.test(id)) return;
    layers.set(id, DONE.test(status));
    onLayers?.([...layers.values()].filter(Boolean).length, layers.size);
  });
  for await (const chunk of stream) lines.write(String(chunk));
  lines.end();
  if (refused !== undefined) throw new EngineError(engine.host, `POST ${PULL}`, 500, refused);
}

function parsed(line: string): PullLine {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
