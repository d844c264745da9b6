import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { everything, isNarrow, type Choices, type Filter } from "../filter";

interface FiltersProps {
  readonly filter: Filter;
  readonly choices: Choices;
  readonly onChange: (part: Partial<Filter>) => void;
}

/** What of the swarm is to be seen. The slash key leads to the search. */
export function Filters({ filter, choices, onChange }: FiltersProps) {
  const search = useRef<HTMLInputElement>(null);
  useSlash(search);
  return (
    <search class="filters" aria-label="Filter">
      <label class="search">
        <span>Search</span>
        <input
          ref={search}
          type="search"
          value={filter.text}
          placeholder="task, node, image …"
          onInput={({ currentTarget }) => {
            onChange({ text: currentTarget.value });
          }}
        />
      </label>
      <Choice
        name="Stack"
        value={filter.stack}
        options={choices.stacks}
        onChange={(stack) => {
          onChange({ stack });
        }}
      />
      <Choice
        name="Network"
        value={filter.network}
        options={choices.networks}
        onChange={(network) => {
          onChange({ network });
        }}
      />
      <Choice
        name="Port"
        value={filter.port}
        options={choices.ports}
        onChange={(port) => {
          onChange({ port });
        }}
      />
      <Trouble filter={filter} onChange={onChange} />
      <button
        type="button"
        class="plain"
        disabled={!isNarrow(filter)}
        onClick={() => {
          onChange(everything);
        }}
      >
        Show everything
      </button>
    </search>
  );
}

function Trouble({ filter, onChange }: Pick<FiltersProps, "filter" | "onChange">) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={filter.trouble}
        onChange={({ currentTarget }) => {
          onChange({ trouble: currentTarget.checked });
        }}
      />
      <span>Only what needs a look</span>
    </label>
  );
}

/** The slash key leads to a field, wherever the keyboard is. */
function useSlash(field: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLInputElement;
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      field.current?.focus();
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
    };
  }, [field]);
}

interface ChoiceProps {
  readonly name: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly onChange: (value: string) => void;
}

function Choice({ name, value, options, onChange }: ChoiceProps) {
  // What was chosen may be gone from the swarm; it stays to be seen, and to be left.
  const all = value === "" || options.includes(value) ? options : [value, ...options];
  return (
    <label class="choice">
      <span>{name}</span>
      <select
        value={value}
        disabled={all.length === 0}
        onChange={({ currentTarget }) => {
          onChange(currentTarget.value);
        }}
      >
        <option value="">{all.length === 0 ? "none" : "all"}</option>
        {all.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}
