import {
  Client,
  credentials,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";

/** Largest message in bytes in either direction; the engine's own figure. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;
/** Seconds that a lost engine gets to come back before its plugin ends itself. */
const ENGINE_GRACE_SECONDS = 5;

/**
 * Serves a Pulumi plugin on a free loopback port and prints that port, which is how the engine finds it.
 * Methods of `service` that `implementation` lacks are answered with gRPC's "unimplemented".
 *
 * @throws Error when the port cannot be opened
 */
export async function servePlugin(
  service: ServiceDefinition,
  implementation: UntypedServiceImplementation,
): Promise<void> {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  server.addService(service, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  process.stdout.write(`${port}\n`);
}

/** Makes a gRPC handler of a function; the message of what it throws is what the user reads. */
export function unary<Request, Response>(
  answer: (
    request: Request,
    call: ServerUnaryCall<Request, Response>,
  ) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => answer(call.request, call))
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          const details = error instanceof Error ? error.message : String(error);
          callback({ code: status.UNKNOWN, details });
        },
      );
  };
}

/** Ends this process when the engine at `address` is gone, so that a killed `pulumi` leaves no plugin behind. */
export function endWithEngine(address: string): void {
  const client = new Client(address, credentials.createInsecure());
  const watch = () => {
    client.waitForReady(Date.now() + ENGINE_GRACE_SECONDS * 1000, (error) => {
      if (error) process.exit(0);
      const channel = client.getChannel();
      channel.watchConnectivityState(channel.getConnectivityState(false), Infinity, watch);
    });
  };
  watch();
}
