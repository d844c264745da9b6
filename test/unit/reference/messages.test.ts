import { errorClassesOf, messagesOf, shellMessagesOf } from "../../../reference/messages";

const said = (source: string) => messagesOf("x.ts", source).map(({ fact }) => fact);

describe("messagesOf", () => {
  it("finds what an error says, and parts it into what is wrong and what to do", () => {
    const source = 'throw new HostError(host, `${host}: it is locked there. Run "npm run up".`);';
    expect(messagesOf("x.ts", source)).toEqual([
      { fact: "‹host›: it is locked there", wayOut: 'Run "npm run up".' },
    ]);
  });

  it("finds texts that say what was expected, or what to do, wherever they stand", () => {
    expect(said("const problem = { reason: `got ${got}; expected a port` };")).toEqual([
      "got ‹got›; expected a port",
    ]);
    expect(said('note("the clock is wrong; let chronyd set it");')).toEqual([]);
    expect(said('note("the clock is wrong. Let chronyd set it");')).toEqual(["the clock is wrong"]);
  });

  it("leaves descriptions, names of modules and types alone", () => {
    const source =
      'import { x } from "../we/got/expected words here"; type T = "got one; expected two of them";' +
      'const d = "Name of the network. Default: the resource\'s."; progress("waiting for the engine");';
    expect(said(source)).toEqual([]);
  });

  it("takes an error's text for one without any of these words, and too short a one for none", () => {
    expect(said('throw new Error("it is in no swarm");')).toEqual(["it is in no swarm"]);
    expect(said("throw new Error(`${a}: ${b} gone`);")).toEqual([]);
  });

  it("puts texts together that stand in several pieces", () => {
    expect(said('throw new Error("the first half, " + `and ${the} other` + end);')).toEqual([
      "the first half, and ‹the› other‹end›",
    ]);
  });

  it("says in words what a run puts in", () => {
    const text =
      'throw new Error(`of ${target.hostKey}, ${names.join(", ")}, ${JSON.stringify(size)}, ${list.length}, ' +
      "${messageOf(cause)}, ${a ?? b}, ${cond ? 1 : 2}, ${MOST_LINES}, ${freeMiB}`);";
    expect(said(text)).toEqual([]);
    expect(said(text.replace("of ", "all of these: "))).toEqual([
      "all of these: ‹host key›, ‹names›, ‹size›, ‹number›, ‹cause›, ‹a›, ‹…›, ‹most lines›, ‹free mib›",
    ]);
  });

  it("finds texts that are put into others", () => {
    const source = 'throw new Error(`no such node here${hint ? ". Add it to the hosts" : ""}`);';
    expect(said(source)).toEqual(["no such node here‹…›", ". Add it to the hosts"]);
  });
});

describe("shellMessagesOf", () => {
  it("finds what a script says when it fails, and nothing else", () => {
    const script =
      'echo "kernel $(uname -r) has no $name. Reboot into that one." >&2\n' +
      'echo "$said" >&2\necho "all went well here"\n';
    expect(shellMessagesOf(script)).toEqual([
      { fact: "kernel ‹…› has no ‹name›", wayOut: "Reboot into that one." },
    ]);
  });
});

describe("errorClassesOf", () => {
  it("finds exported classes with their comment as one line", () => {
    const source =
      "/** It is\n * gone. */\nexport class GoneError extends Error {}\nclass OwnError extends Error {}\nexport class Other {}";
    expect(errorClassesOf("x.ts", source)).toEqual([{ name: "GoneError", meaning: "It is gone." }]);
  });
});
