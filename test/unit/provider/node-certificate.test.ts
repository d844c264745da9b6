import { certificateOf } from "../../../provider/node/certificate";

/** Made with openssl in the shape of a node's: O is the cluster, OU the role, CN the node. */
const pem = `-----BEGIN CERTIFICATE-----
MIICFTCCAbugAwIBAgIUcZBkCYq9mgdpNUgyTT3iEOfq/20wCgYIKoZIzj0EAwIw
YDEiMCAGA1UECgwZbXZxOHlxbGIzYXkzdG56NXJob3hjeXpqYjEWMBQGA1UECwwN
c3dhcm0tbWFuYWdlcjEiMCAGA1UEAwwZbW1pcXNkM3l1MHdjcTAzbjZuMTRhZ3Rn
ZjAeFw0yNjExMjExNTE2MjJaFw0yNjExMjIxNTE2MjJaMGAxIjAgBgNVBAoMGW12
cTh5cWxiM2F5M3RuejVyaG94Y3l6amIxFjAUBgNVBAsMDXN3YXJtLW1hbmFnZXIx
IjAgBgNVBAMMGW1taXFzZDN5dTB3Y3EwM242bjE0YWd0Z2YwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAATkvGPUUX83v4pyeUF44Ec+DAuWjRlA+Emq4mEelMCj81Jq
linuI6WODkAUcPaihKhjNOQkdOFWV9gEOJahgwVOo1MwUTAdBgNVHQ4EFgQUpcGh
W4m2b+qSWYJy5/jSJ+836LUwHwYDVR0jBBgwFoAUpcGhW4m2b+qSWYJy5/jSJ+83
6LUwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAoQoYuX6O33++
JXDqf6JnZF6FhmVzK+i4p3fLsKOt4b4CIDpRrRnQTNmWSSJnZOJGhJvL3KEbz01k
usFnm2I0vTO2
-----END CERTIFICATE-----
`;

function machineWith(files: Readonly<Record<string, string>>) {
  return { readFile: async (path: string) => Promise.resolve(files[path]) };
}

const folder = "/srv/docker/swarm/certificates/swarm-node.crt";

it("says who the machine is in which swarm, intermediate certificates or not", async () => {
  for (const text of [pem, `${pem}${pem}`]) {
    const machine = machineWith({ [folder]: text });
    expect(await certificateOf(machine, { DockerRootDir: "/srv/docker" })).toEqual({
      clusterId: "mvq8yqlb3ay3tnz5rhoxcyzjb",
      nodeId: "mmiqsd3yu0wcq03n6n14agtgf",
    });
  }
});

it("is none where no swarm has taken the machine in", async () => {
  expect(await certificateOf(machineWith({ [folder]: pem }), {})).toBeUndefined();
});
