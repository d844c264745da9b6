import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Block, type Command, commandsOf, missingOf, readPage } from "./page";
import { TypedLine } from "./typed";

/** Text of a page that is another one where it is tried. */
interface Replacement {
  readonly written: string;
  readonly because: string;
}

/** A console block that is not run. */
interface Left {
  /** Its first command. */
  readonly line: string;
  readonly heading: string;
  readonly because: string;
}

/** What a command asks at a terminal. */
interface Question {
  readonly line: string;
  readonly asks: RegExp;
  /** Without the key that ends it. */
  readonly answer: string;
}

/** How a page is followed. */
export interface Reading {
  /** Path from the repository's root. */
  readonly path: string;
  /** Headings whose blocks are written and run. */
  readonly followed: readonly string[];
  readonly replaced: readonly Replacement[];
  readonly left: readonly Left[];
  readonly asked: readonly Question[];
}

/** Where a page is followed. */
export interface Desk {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** What stands in the place of each {@link Replacement}. */
  readonly here: Readonly<Record<string, string>>;
}

/** Those of a page's blocks that are written and run. */
function followedOf({ followed, left }: Reading, blocks: readonly Block[]): Block[] {
  return blocks.filter(
    (block) => followed.includes(block.heading) && !left.some((entry) => isLeft(block, entry)),
  );
}

function isLeft(block: Block, { heading, line }: Left): boolean {
  return block.heading === heading && commandsOf(block)[0]?.line === line;
}

/** In what a page and the way in which it is followed have drifted apart. */
export function driftOf(reading: Reading): string[] {
  const { blocks } = readPage(reading.path);
  const read = followedOf(reading, blocks);
  const commands = read.flatMap(commandsOf).map(({ line }) => line);
  const text = read.map((block) => block.text).join("\n");
  const consoles = blocks.filter(({ language }) => language === "console");
  const neither = consoles.filter(
    (block) => !read.includes(block) && !reading.left.some((entry) => isLeft(block, entry)),
  );
  const nameless = read.filter(({ language, file }) => language !== "console" && !file);
  const missing = [
    ...reading.followed.filter((heading) => !blocks.some((block) => block.heading === heading)),
    ...reading.replaced.map(({ written }) => written).filter((written) => !text.includes(written)),
    ...reading.asked.map(({ line }) => line).filter((line) => !commands.includes(line)),
    ...reading.left
      .filter((entry) => !blocks.some((block) => isLeft(block, entry)))
      .map(({ heading, line }) => `${heading}: $ ${line}`),
  ];
  return [
    ...neither.map(({ line }) => `${reading.path}:${line}: is neither run nor left for a reason`),
    ...nameless.map(({ line }) => `${reading.path}:${line}: no file is named before it`),
    ...missing.map((wanted) => `${reading.path}: has no ${JSON.stringify(wanted)} any more`),
  ];
}

/** Somebody who does what a page says, word for word. */
export class Reader {
  private readonly reading: Reading;
  private readonly desk: Desk;

  constructor(reading: Reading, desk: Desk) {
    this.reading = reading;
    this.desk = desk;
  }

  /**
   * Writes the files and runs the commands under a heading.
   *
   * @returns what each command said
   * @throws Error when a command fails, or does not say what the page shows
   */
  async follow(heading: string): Promise<ReadonlyMap<string, string>> {
    const said = new Map<string, string>();
    const { blocks } = readPage(this.reading.path);
    for (const block of followedOf(this.reading, blocks)) {
      if (block.heading !== heading) continue;
      const here = { ...block, text: this.translate(block.text) };
      this.write(here);
      for (const command of commandsOf(here)) said.set(command.line, await this.run(command));
    }
    return said;
  }

  private translate(text: string): string {
    return this.reading.replaced.reduce((translated, { written }) => {
      const here = this.desk.here[written];
      if (here === undefined) throw new Error(`nothing is given in the place of ${written}`);
      return translated.replaceAll(written, () => here);
    }, text);
  }

  /** Of a stack's configuration a page shows the whole, or what goes below `config:`. */
  private write({ language, file, text }: Block): void {
    if (language === "console" || file === undefined) return;
    const path = join(this.desk.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    if (/^Pulumi\.\w+\.yaml$/.test(file) && !/^config:/m.test(text))
      writeFileSync(path, withBelow(readFileSync(path, "utf8"), text));
    else writeFileSync(path, text);
  }

  private async run({ line, output }: Command): Promise<string> {
    const said = await this.type(line);
    const missing = missingOf(output, said);
    if (missing !== undefined)
      throw new Error(`$ ${line}\nnever said, at its place: ${missing}\n${said}`);
    return said;
  }

  /**
   * Types a line, at a terminal where it asks something.
   *
   * @returns what it said
   * @throws Error with that when it fails
   */
  async type(line: string): Promise<string> {
    const question = this.reading.asked.find((one) => this.translate(one.line) === line);
    const typed = new TypedLine(["bash", "-c", line], {
      cwd: this.desk.folder,
      environment: this.desk.environment,
      terminal: question === undefined ? undefined : { columns: 160, rows: 50 },
    });
    const limit = setTimeout(() => {
      typed.kill();
    }, LIMIT_MILLISECONDS);
    try {
      if (question === undefined) typed.endInput();
      else {
        await typed.until(question.asks, LIMIT_MILLISECONDS / 1000);
        typed.type(`${question.answer}\r`);
      }
      const code = await typed.code;
      if (code !== 0) throw new Error(`$ ${line}\nended with ${code}:\n${typed.said}`);
      return typed.said;
    } finally {
      clearTimeout(limit);
      typed.kill();
    }
  }
}

/** A configuration with more lines right below `config:`; Pulumi puts lines of its own at the end. */
function withBelow(configuration: string, lines: string): string {
  const indented = lines.replace(/^(?=.)/gm, "  ");
  return configuration.replace(/^config:\n/m, (line) => line + indented);
}

/** No command of a page may take longer. */
const LIMIT_MILLISECONDS = 20 * 60_000;
