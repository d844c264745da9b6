import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { openClient } from "../../../hosts/connect";

/** Takes two connections and answers no more: what is sent to it is dropped, as by a firewall that says nothing. */
const DEAF = `use strict; use Socket; $| = 1;
socket(my $one, PF_INET, SOCK_STREAM, 0); bind($one, sockaddr_in(0, inet_aton("127.0.0.1"))); listen($one, 0);
print((sockaddr_in(getsockname($one)))[0], "\\n"); sleep 60;`;

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzVLKcTJYQ1+XJZJs3CcKcHIh1cU0YMsEkDq1VY4cjL";

describe("a machine that does not answer", () => {
  it("is given up after some seconds, though a handshake may take longer", async () => {
    const deaf = spawn("perl", ["-e", DEAF]);
    const [line] = (await once(deaf.stdout, "data")) as [Buffer];
    const address = "127.0.0.1";
    const port = Number(line.toString());
    const full = [1, 2, 3].map(() => connect({ host: address, port }));
    try {
      await once(full[0] ?? deaf, "connect");
      const began = performance.now();
      const target = { name: "m1", address, port, hostKey, password: "x" };
      await expect(openClient(target, undefined)).rejects.toThrow(
        `m1: no connection to m1 (root@127.0.0.1:${port}): no answer within 4 s. Check that the machine is up and port ${port} is open`,
      );
      expect(performance.now() - began).toBeLessThan(9000);
    } finally {
      for (const socket of full) socket.destroy();
      deaf.kill();
    }
  }, 30_000);
});
