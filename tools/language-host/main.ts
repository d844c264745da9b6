import type { ServerWritableStream } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as language from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { version } from "@pulumi/pulumi/package.json";
import { endWithEngine, servePlugin, unary } from "../plugin-server";
import { readDependencies } from "./dependencies";
import { Program } from "./program";

/*
 * Pulumi's language host for Node.js programs, put beside a CLI that was built from Go modules, where the official
 * one is not to be had. It runs programs and nothing else: generating code, packing and plugins that are written in
 * a language are answered with gRPC's "unimplemented".
 */

let engine = process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? "";
const running = new AbortController();
const program = new Program();

type InstallDependencies = ServerWritableStream<
  language.InstallDependenciesRequest,
  language.InstallDependenciesResponse
>;

async function run(request: language.RunRequest, cancelled: AbortSignal) {
  const signal = AbortSignal.any([running.signal, cancelled]);
  const result = await program.run(request, engine, signal);
  return new language.RunResponse().setError(result.error).setBail(result.bail);
}

async function listDependencies(request: language.GetProgramDependenciesRequest) {
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const dependencies = await readDependencies(directory);
  return new language.GetProgramDependenciesResponse().setDependenciesList(
    dependencies.map(({ name, version: found }) =>
      new language.DependencyInfo().setName(name).setVersion(found),
    ),
  );
}

const implementation = {
  handshake: unary((request: language.LanguageHandshakeRequest) => {
    engine = request.getEngineAddress();
    return new language.LanguageHandshakeResponse();
  }),
  getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
  // The CLI would try to download whatever is required here. What can be had without downloads is already in place.
  getRequiredPlugins: unary(() => new language.GetRequiredPluginsResponse()),
  getRequiredPackages: unary((request: language.GetRequiredPackagesRequest) => {
    const info = request.getInfo();
    if (info !== undefined) program.prepare(info);
    return new language.GetRequiredPackagesResponse();
  }),
  run: unary((request: language.RunRequest, call) => {
    const cancelled = new AbortController();
    call.on("cancelled", () => {
      cancelled.abort();
    });
    return run(request, cancelled.signal);
  }),
  about: unary(() =>
    new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version),
  ),
  getProgramDependencies: unary(listDependencies),
  runtimeOptionsPrompts: unary(() => new language.RuntimeOptionsResponse()),
  installDependencies: (call: InstallDependencies) => {
    const hint = `npm ci in ${call.request.getDirectory()} installs what the program needs.\n`;
    call.write(new language.InstallDependenciesResponse().setStdout(Buffer.from(hint)));
    call.end();
  },
  cancel: unary(() => {
    running.abort();
    return new Empty();
  }),
};

if (engine !== "") endWithEngine(engine);
void servePlugin(LanguageRuntimeService, implementation);
