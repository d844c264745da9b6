import { useEffect, useState } from "preact/hooks";
import type { Head as HeadOf, ManagerMark, Picture } from "../picture";
import type { Known, Live } from "./live";

/** Seconds without news after which a person should know. */
const QUIET_SECONDS = 4;

interface HeadProps {
  readonly head: HeadOf;
  readonly known: Known;
  readonly live: Live;
  readonly picture: Picture;
}

/** What concerns all of the swarm: its managers, how much of it runs, how fresh the picture is, what is wrong. */
export function Head({ head, known, live, picture }: HeadProps) {
  const running = picture.services.reduce((sum, service) => sum + service.running, 0);
  const desired = picture.services.reduce((sum, service) => sum + service.desired, 0);
  const ready = picture.nodes.filter(({ state }) => state === "ready").length;
  return (
    <header class="head">
      <div class="head-line">
        <h1>
          <svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 1.8 20.8 7v10L12 22.2 3.2 17V7z" />
            <circle cx="12" cy="12" r="3.4" />
          </svg>
          swarm <span class="environment">{head.environment}</span>
        </h1>
        <Quorum head={head} />
        <Count label="nodes ready" part={ready} whole={picture.nodes.length} />
        <Count label="tasks running" part={running} whole={desired} />
        <Count label="services" part={picture.services.length} />
        <Age known={known} live={live} head={head} />
      </div>
      <Trouble known={known} complaints={head.complaints} />
    </header>
  );
}

function Quorum({ head: { managers, quorum, strength } }: { readonly head: HeadOf }) {
  return (
    <section class={`quorum ${strength}`} aria-label="Quorum">
      <ul class="managers">
        {managers.map(({ name, state }: ManagerMark) => (
          <li key={name} class={`mark ${state}`} title={`${name}: ${state}`}>
            <span class="sr">
              {name}: {state}
            </span>
          </li>
        ))}
      </ul>
      <p>{quorum}</p>
    </section>
  );
}

interface CountProps {
  readonly label: string;
  readonly part: number;
  readonly whole?: number;
}

function Count({ label, part, whole = part }: CountProps) {
  return (
    <p class={part < whole ? "count short" : "count"}>
      <strong>
        {part}
        {whole === part ? null : <span> of {whole}</span>}
      </strong>{" "}
      {label}
    </p>
  );
}

/** How old the picture is. It has a clock of its own, so that nothing else is drawn every second. */
function Age({ known, live, head }: Pick<HeadProps, "known" | "live" | "head">) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => {
      setSeconds(Math.floor((Date.now() - live.seenAt) / 1000));
    }, 1000);
    return () => {
      window.clearInterval(timer);
    };
  }, [live]);
  if (known.link === "file") return <p class="age file">picture of one moment</p>;
  const isQuiet = seconds >= QUIET_SECONDS || known.problem !== "" || known.link === "ended";
  return (
    <p class={isQuiet ? "age quiet" : "age"} title={`asked: ${head.asked}`}>
      <span class="dot" aria-hidden="true" />
      {isQuiet ? `as it was ${spanText(seconds)} ago` : `live, from ${head.asked}`}
    </p>
  );
}

function spanText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

interface TroubleProps {
  readonly known: Known;
  readonly complaints: readonly string[];
}

function Trouble({ known: { link, problem }, complaints }: TroubleProps) {
  const ended =
    "The command behind this page has ended, or is out of reach. Start `npm run map` again and open its new address.";
  const alarm = link === "ended" ? ended : problem;
  return (
    <>
      <div role="alert" class={alarm === "" ? "sr" : "alarm"}>
        {alarm}
      </div>
      {complaints.length === 0 ? null : (
        <details class="complaints" open={complaints.length <= 5}>
          <summary>
            {complaints.length === 1
              ? "1 thing is not as it should be"
              : `${complaints.length} things are not as they should be`}
          </summary>
          <ul>
            {complaints.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
