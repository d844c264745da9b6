/**
 * Docker 29, whose dockerd the lab builds from Go modules on demand: a swarm of its own on machines like Enterprise
 * Linux, with images in containerd's store. The way there from 28.5 is in node-upgrade.
 *
 * Does not prove: the containerd, runc and client of that release (they are 28.5's), Docker's own build, SELinux, a
 * kernel of Enterprise Linux, the nftables backend.
 */
import { tellEngine } from "./engine-story";

describe("Docker 29.8", () => {
  tellEngine({ story: "engine-29", version: "29.8.1", declared: "29.8", storage: "overlayfs" });
});
