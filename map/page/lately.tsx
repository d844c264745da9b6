import type { Happened } from "./live";

const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** What has happened while somebody watched, newest first; screen readers say it as it comes. */
export function Lately({ lines }: { readonly lines: readonly Happened[] }) {
  return (
    <section class="lately" aria-labelledby="lately-title">
      <h2 id="lately-title">Lately</h2>
      <div role="log" aria-labelledby="lately-title" tabIndex={0}>
        <ol>
          {lines.length === 0 ? <li class="muted">nothing since this page was opened</li> : null}
          {lines.map(({ key, at, text }) => (
            <li key={key}>
              <time dateTime={at.toISOString()}>{time.format(at)}</time> {text}
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
