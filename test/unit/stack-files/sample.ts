import { renderFinding } from "../../../stack-files/finding";
import type { ServiceModel, StackModel } from "../../../stack-files/model";
import { readStackFiles, type ReadRequest, type ReadResult } from "../../../stack-files/read";

type Options = Partial<Omit<ReadRequest, "files" | "disk">> & {
  /** More files of the machine, by path. A folder is an empty list. */
  readonly more?: Readonly<Record<string, string | Buffer | readonly never[]>>;
};

/** Reads stack files that are given as text: `a.yml`, `b.yml`, … in the folder `stacks`. */
export function read(texts: string | readonly string[], options: Options = {}): ReadResult {
  const { more = {}, ...request } = options;
  const files = new Map<string, string | Buffer | readonly never[]>(Object.entries(more));
  const named = (typeof texts === "string" ? [texts] : texts).map((text, index) => {
    const path = `stacks/${String.fromCharCode(97 + index)}.yml`;
    files.set(path, text);
    return path;
  });
  return readStackFiles({
    variables: {},
    environment: {},
    profiles: [],
    ...request,
    files: named,
    disk: {
      home: "/home/me",
      read: (path) => {
        const content = files.get(path);
        if (typeof content === "string") return Buffer.from(content);
        if (content === undefined || Buffer.isBuffer(content)) return content;
        throw new Error("it is a folder");
      },
    },
  });
}

/** The lines that a user reads. */
export function lines(texts: string | readonly string[], options: Options = {}): readonly string[] {
  return read(texts, options).findings.map(
    (finding) => `${finding.severity} ${renderFinding(finding)}`,
  );
}

/** The model of files without an error. */
export function modelOf(texts: string | readonly string[], options: Options = {}): StackModel {
  const { model, findings } = read(texts, options);
  const failed = findings.some(({ severity }) => severity === "error");
  if (model === undefined || failed) throw new Error(lines(texts, options).join("\n"));
  return model;
}

/** The service `web` of a file that says this of it, as YAML in braces. */
export function web(service: string, options: Options = {}): ServiceModel {
  return serviceOf(`services: {web: {image: x, ${service}}}`, options);
}

/** The service `web` of files. */
export function serviceOf(texts: string | readonly string[], options: Options = {}): ServiceModel {
  const service = modelOf(texts, options).services.web;
  if (service === undefined) throw new Error("there is no service web");
  return service;
}

/** What is said of the service `web` that says this. */
export function said(service: string, options: Options = {}): readonly string[] {
  return lines(`services: {web: {image: x, ${service}}}`, options);
}
