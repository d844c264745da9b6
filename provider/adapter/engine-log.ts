import { credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { shown } from "./message";

/** How loud a line of the log is. */
export type Severity = "info" | "warning" | "error";

const SEVERITIES = {
  info: LogSeverity.INFO,
  warning: LogSeverity.WARNING,
  error: LogSeverity.ERROR,
} as const;

const DEADLINE_MILLISECONDS = 5_000;

/** Lines for the user, shown by the engine. Without an engine (schema only) they are dropped. */
export class EngineLog {
  private readonly client: EngineClient | undefined;
  private readonly pending = new Set<Promise<void>>();

  constructor(address: string | undefined) {
    this.client =
      address === undefined ? undefined : new EngineClient(address, credentials.createInsecure());
  }

  /**
   * Says something beside a resource. `isStatus` replaces the resource's line and is forgotten afterwards.
   * A line that cannot be delivered is written to standard error, which `pulumi --debug` shows.
   */
  say(severity: Severity, urn: string, message: string, isStatus = false): void {
    const { client } = this;
    if (client === undefined) return;
    const request = new LogRequest();
    request.setSeverity(SEVERITIES[severity]);
    request.setUrn(urn);
    const text = shown(message);
    request.setMessage(text);
    request.setEphemeral(isStatus);
    const sent = new Promise<void>((resolve) => {
      const options = { deadline: Date.now() + DEADLINE_MILLISECONDS };
      client.log(request, new Metadata(), options, (error) => {
        if (error !== null) console.error(`${severity}: ${text}`);
        resolve();
      });
    });
    this.pending.add(sent);
    void sent.then(() => this.pending.delete(sent));
  }

  /** Waits until everything said so far has arrived. */
  async flush(): Promise<void> {
    await Promise.all(this.pending);
  }

  close(): void {
    this.client?.close();
  }
}
