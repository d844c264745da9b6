import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { arrange, type Arrangement } from "../arrangement";
import { choicesIn, everything, shown, type Filter } from "../filter";
import type { Picture, ServiceEntry } from "../picture";
import { Board, focusTile, type Look } from "./board";
import { Filters } from "./filters";
import { Head } from "./head";
import { Lately } from "./lately";
import type { Live } from "./live";
import { Panel } from "./panel";
import { Services } from "./services";

/** The whole page. */
export function App({ live }: { readonly live: Live }) {
  const [known, setKnown] = useState(live.known);
  useEffect(() => {
    live.onNews(() => {
      setKnown(live.known);
    });
    setKnown(live.known);
  }, [live]);
  const { picture, link, problem, lately } = known;
  if (picture === undefined) {
    const text =
      link === "ended" ? "The command behind this page has ended." : "Asking the swarm …";
    return (
      <main class="empty">
        <h1>swarm map</h1>
        <p role="status">{problem === "" ? text : problem}</p>
      </main>
    );
  }
  return (
    <>
      <Head head={picture.head} known={known} live={live} picture={picture} />
      <Body picture={picture} isFile={link === "file"} lately={<Lately lines={lately} />} />
    </>
  );
}

interface BodyProps {
  readonly picture: Picture;
  readonly isFile: boolean;
  readonly lately: ComponentChildren;
}

function Body({ picture, isFile, lately }: BodyProps) {
  const [filter, setFilter] = useState(everything);
  const [selected, setSelected] = useState("");
  const visible = useMemo(() => shown(picture, filter), [picture, filter]);
  const looks = useLooks(picture.services);
  const before = useRef<Arrangement | undefined>(undefined);
  const arrangement = useMemo(
    () => arrange(picture.nodes, visible.tiles, before.current),
    [picture.nodes, visible.tiles],
  );
  before.current = arrangement;
  const tile = picture.tiles.find(({ id }) => id === selected);
  const narrow = (part: Partial<Filter>): void => {
    setFilter({ ...filter, ...part });
  };
  const close = (): void => {
    setSelected("");
    focusTile(selected);
  };
  return (
    <div class={selected === "" ? "body" : "body with-panel"}>
      <Side picture={picture} filter={filter} onChange={narrow}>
        {isFile ? null : lately}
      </Side>
      <Board
        arrangement={arrangement}
        looks={looks}
        count={visible.tiles.length}
        total={picture.tiles.length}
        selected={selected}
        onSelect={setSelected}
      />
      {selected === "" ? null : (
        <Panel
          key={selected}
          id={selected}
          tile={tile}
          picture={picture}
          isFile={isFile}
          onClose={close}
          onSelect={setSelected}
        />
      )}
    </div>
  );
}

interface SideProps {
  readonly picture: Picture;
  readonly filter: Filter;
  readonly onChange: (part: Partial<Filter>) => void;
  readonly children: ComponentChildren;
}

/** Beside the nodes; on a narrow screen above them, folded away. */
function Side({ picture: { services }, filter, onChange: narrow, children }: SideProps) {
  const [isFolded, setFolded] = useState(true);
  const choices = useMemo(() => choicesIn(services), [services]);
  return (
    <aside class={isFolded ? "side folded" : "side"} aria-label="Filter and services">
      <button
        type="button"
        class="plain side-toggle"
        aria-expanded={!isFolded}
        onClick={() => {
          setFolded(!isFolded);
        }}
      >
        Filter and services
      </button>
      <Filters filter={filter} choices={choices} onChange={narrow} />
      <Services
        services={services}
        chosen={filter.service}
        onChoose={(service) => {
          narrow({ service });
        }}
      />
      {children}
    </aside>
  );
}

/** Colour and stack of each service: the same object until one of them changes, unlike the counts beside them. */
function useLooks(services: readonly ServiceEntry[]): ReadonlyMap<string, Look> {
  const key = services.map(({ id, hue, stack }) => `${id} ${hue} ${stack}`).join("\n");
  return useMemo(() => new Map(services.map(({ id, hue, stack }) => [id, { hue, stack }])), [key]);
}
