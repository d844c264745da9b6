import { useEffect, useRef, useState } from "preact/hooks";
import type { Detail, Former, Picture, ServiceEntry, Tile } from "../picture";
import { conditionText } from "../words";

interface PanelProps {
  readonly id: string;
  /** Undefined once the task is gone. */
  readonly tile: Tile | undefined;
  readonly picture: Picture;
  readonly isFile: boolean;
  readonly onClose: () => void;
  readonly onSelect: (id: string) => void;
}

/** Everything about one task. */
export function Panel({ id, tile, picture, isFile, onClose, onSelect }: PanelProps) {
  const [last, setLast] = useState(tile);
  useEffect(() => {
    if (tile !== undefined) setLast(tile);
  }, [tile]);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    title.current?.focus();
  }, []);
  const { detail, problem, again } = useDetail(id, isFile, tile?.state ?? "gone");
  const shown = tile ?? last;
  if (shown === undefined) return null;
  const service = picture.services.find((one) => one.id === shown.service);
  const successor =
    tile === undefined ? picture.tiles.find(({ slot }) => slot === shown.slot) : undefined;
  return (
    <aside
      class="panel"
      aria-labelledby="panel-title"
      onKeyDown={({ key }) => {
        if (key === "Escape") onClose();
      }}
    >
      <header>
        <h2 id="panel-title" ref={title} tabIndex={-1}>
          {shown.name}
        </h2>
        <button type="button" class="close" aria-label="Close" onClick={onClose}>
          ✕
        </button>
      </header>
      {tile === undefined ? (
        <p class="ended">
          This task has ended.{" "}
          {successor === undefined ? null : (
            <button
              type="button"
              class="plain"
              onClick={() => {
                onSelect(successor.id);
              }}
            >
              Show the one in its place
            </button>
          )}
        </p>
      ) : null}
      {shown.error === "" ? null : <p class="error">{shown.error}</p>}
      <Facts tile={shown} service={service} detail={detail} picture={picture} />
      {problem === "" ? null : <p class="error">{problem}</p>}
      {detail === undefined ? null : <History former={detail.history} />}
      {isFile ? null : <Log lines={detail?.log} onAgain={again} />}
    </aside>
  );
}

interface Asked {
  readonly detail: Detail | undefined;
  readonly problem: string;
  readonly again: () => void;
}

/** Asked when the panel opens, when the task's state changes, and when the person asks. */
function useDetail(id: string, isFile: boolean, state: string): Asked {
  const [detail, setDetail] = useState<Detail>();
  const [problem, setProblem] = useState("");
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (isFile || state === "gone") return undefined;
    const stop = new AbortController();
    askFor(id, stop.signal).then(
      (answer) => {
        setDetail(answer);
        setProblem("");
      },
      (error: unknown) => {
        if (!stop.signal.aborted)
          setProblem(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      stop.abort();
    };
  }, [id, isFile, state, round]);
  const again = (): void => {
    setRound(round + 1);
  };
  return { detail, problem, again };
}

async function askFor(id: string, signal: AbortSignal): Promise<Detail> {
  const answer = await fetch(`tasks/${encodeURIComponent(id)}`, { signal });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as Detail;
}

const monospaced: ReadonlySet<string> = new Set(["Digest", "Task"]);

interface FactsProps {
  readonly tile: Tile;
  readonly service: ServiceEntry | undefined;
  readonly detail: Detail | undefined;
  readonly picture: Picture;
}

function Facts({ tile, service, detail, picture }: FactsProps) {
  const node = picture.nodes.find(({ id }) => id === tile.node);
  const ports = [...(service?.ports ?? []), ...(detail?.ports ?? [])];
  const networks = detail?.networks ?? service?.networks ?? [];
  const rows: readonly (readonly [string, string])[] = [
    ["State", conditionText(tile)],
    ["Since", tile.since === "" ? "" : new Date(tile.since).toLocaleString("en-GB")],
    ["Node", node?.name ?? (tile.node === "" ? "none yet" : tile.node)],
    ["Service", service?.name ?? ""],
    ["Stack", service?.stack ?? ""],
    ["Update", service?.update ?? ""],
    ["Image", detail?.image ?? tile.image ?? service?.image ?? ""],
    ["Digest", detail?.digest ?? (tile.image === undefined ? (service?.digest ?? "") : "")],
    ["Ports", ports.join("\n")],
    ["Networks", networks.join("\n")],
    ["Reserved", detail?.reservations ?? ""],
    ["Limits", detail?.limits ?? ""],
    ["Task", tile.id],
  ];
  return (
    <dl class="facts">
      {rows
        .filter(([, text]) => text !== "")
        .map(([name, text]) => (
          <div key={name} class={monospaced.has(name) ? "mono" : ""}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
    </dl>
  );
}

function History({ former }: { readonly former: readonly Former[] }) {
  if (former.length === 0) return null;
  return (
    <section aria-labelledby="former-title">
      <h3 id="former-title">Before it in this place</h3>
      <ol class="former">
        {former.map(({ id, state, node, since, error }) => (
          <li key={id}>
            <strong>{state}</strong> on {node === "" ? "no node" : node}
            <time dateTime={since}>
              {since === "" ? "" : new Date(since).toLocaleString("en-GB")}
            </time>
            {error === "" ? null : <span>{error}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}

interface LogProps {
  readonly lines: readonly string[] | undefined;
  readonly onAgain: () => void;
}

function Log({ lines, onAgain }: LogProps) {
  const text = lines?.join("\n") ?? "asking its node …";
  return (
    <section class="log" aria-labelledby="log-title">
      <h3 id="log-title">Last lines</h3>
      <button type="button" class="plain" onClick={onAgain}>
        Look again
      </button>
      <pre tabIndex={0} aria-labelledby="log-title">
        {text === "" ? "no lines, or its node does not hand them out" : text}
      </pre>
    </section>
  );
}
