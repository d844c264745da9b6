/**
 * Docker 28, which the lab makes on demand: a swarm of its own on machines like Enterprise Linux, and the way there from
 * 26.1 under traffic.
 *
 * Does not prove: Docker's own build (this one is Debian's), SELinux, a kernel of Enterprise Linux, the nftables backend.
 */
import { tellEngine } from "./engine-story";
import { tellUpgrade } from "./upgrade-story";

describe("Docker 28.5", () => {
  tellEngine({ story: "engine-28", version: "28.5.2", declared: "28.5", storage: "overlay2" });
});

describe("an upgrade to Docker 28.5", () => {
  tellUpgrade({ story: "engine-28-upgrade", image: "centos", steps: ["26.1.5", "28.5.2"] });
});
