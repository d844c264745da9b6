import * as openpgp from "openpgp";
import { readSigningKeys } from "../../../hosts/signing-keys";
import { isTrusted, trustedKey } from "../../../hosts/repository-key";
import { plan } from "../../../hosts/preparation";
import type { Step } from "../../../hosts/step";
import { facts, factsWithEngine, LAB_KEY, spec } from "./facts-sample";

/** Made by gpg for these tests, with a subkey that signs; nobody has its other half. */
const KEY = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawYrtxYJKwYBBAHaRw8BAQdAL9cJEpgTQ9lom25Ng7S/ICW9oZ3/D7lqFQrG
4bdpJEa0G01pcnJvciA8bWlycm9yQGV4YW1wbGUub3JnPoiQBBMWCAA4FiEEd40x
j1l6QjQMH5kREa5ATXdhiSAFAmsGK7cCGwMFCwkIBwIGFQoJCAsCBBYCAwECHgEC
F4AACgkQEa5ATXdhiSC6RAEAtgiabtUjUM1l9lf27YQJoUdK82cyJ0A/PdLQHtep
TYMBAIDMAKyysim5kJJ3qPLs/jzACVCkP4BeAOiV2FTde5gPuDMEawYrtxYJKwYB
BAHaRw8BAQdA6p/ZyBy6whMoWxCL4L8U/hg3SOFuYsjdPPFtqHppiviI7wQYFggA
IBYhBHeNMY9ZekI0DB+ZERGuQE13YYkgBQJrBiu3AhsCAIEJEBGuQE13YYkgdiAE
GRYIAB0WIQT/PgoeHnqTsE+73rNHzqFxCh+0pQUCawYrtwAKCRBHzqFxCh+0pbHb
APsGpx1OcxQPnLHNKJ9fB2frDHC4svOTg6mK0WsU4gj+8wEAsS50KnRXq9Q09ERV
fVLMR6Rtjxp47gl5ZhA2/GVBBQGF+wEA9AfOqctKwywJ9vcV3xIEdqWZFYyjZ5Hr
0bdmGc9CEhUA/A3/bzht354lcQetQBoIyeGq6Du5Y4gY6yKZUZReWcgM
=bdks
-----END PGP PUBLIC KEY BLOCK-----`;
const URL = "https://a.example/linux/centos/gpg";
const DOCKER_RPM = "060A61C51B558A7F742B77AAC52FEB6B621E9F35";
const DOCKER_DEB = "9DC858229FC7DD38854AE2D88D81803C0EBFCD88";

describe("readSigningKeys", () => {
  it("says the fingerprint that gpg says, and writes the key so that it reads the same", async () => {
    const { fingerprints, armored } = await readSigningKeys(KEY);
    expect(fingerprints).toEqual([LAB_KEY]);
    expect(await readSigningKeys(armored)).toEqual({ fingerprints, armored });
  });

  it("writes nothing but the key: what stands around it goes", async () => {
    const { armored } = await readSigningKeys(`<html>\n${KEY}\nmalware\n${KEY}`);
    expect(armored.match(/BEGIN PGP/g)).toHaveLength(1);
    expect(armored).not.toMatch(/html|malware/);
  });

  it.each([
    ["an error page", "<!DOCTYPE html>\n<h1>404", 'got "<!DOCTYPE html>"; expected public keys'],
    ["nothing", "", "got nothing; expected public keys"],
    ["half a key", KEY.slice(0, 200), "expected public keys"],
    [
      "more than any key",
      "x".repeat(300_000),
      "got 300000 characters; expected a file of public keys",
    ],
  ])("refuses %s", async (_, text, reason) => {
    await expect(readSigningKeys(text)).rejects.toThrow(reason);
  });

  it("refuses a subkey that its key has not signed", async () => {
    const own = await openpgp.readKey({ armoredKey: KEY });
    const { publicKey } = await openpgp.generateKey({
      userIDs: [{ name: "Somebody else" }],
      subkeys: [{ sign: true }],
      format: "object",
    });
    const packets = new openpgp.PacketList();
    // Their subkey with their signature below our key.
    packets.push(...own.toPacketList(), ...publicKey.toPacketList().slice(-2));
    const forged = openpgp.armor(openpgp.enums.armor.publicKey, packets.write());
    await expect(readSigningKeys(forged)).rejects.toThrow(
      `got key ${LAB_KEY} with a subkey that it has not signed`,
    );
  });
});

describe("trustedKey", () => {
  it("takes a key that is declared, however its fingerprint is spelt", async () => {
    const spelt = LAB_KEY.toLowerCase().replace(/(....)/g, "$1 ");
    const text = await trustedKey(KEY, URL, facts(), { repositoryKey: [DOCKER_DEB, spelt] });
    expect(text).toContain("BEGIN PGP PUBLIC KEY BLOCK");
  });

  it("takes any where that is said in words", async () => {
    await expect(trustedKey(KEY, URL, facts(), { repositoryKey: false })).resolves.toContain(
      "BEGIN",
    );
  });

  it("names both fingerprints of a key that is another one than Docker's, on each platform", async () => {
    await expect(trustedKey(KEY, URL, facts(), {})).rejects.toThrow(
      `${URL}: got a key with the fingerprint ${LAB_KEY}; expected ${DOCKER_RPM}, Docker's own. Nothing was installed`,
    );
    const os = { ...facts().os, family: "debian" } as const;
    await expect(trustedKey(KEY, URL, { os }, {})).rejects.toThrow(
      `expected ${DOCKER_DEB}, Docker's`,
    );
  });
});

describe("a preparation", () => {
  const engine = { version: "26.1", repository: "https://a.example/linux" };
  const first = (steps: readonly Step[]): Step => {
    const [step] = steps;
    if (step === undefined) throw new Error("no step");
    return step;
  };

  it("writes the repository file and the key together, once the key is known to be the right one", async () => {
    const { ask, files, script } = first(
      plan(facts(), spec({ engine: { ...engine, repositoryKey: [LAB_KEY] } })),
    );
    expect(files).toBeUndefined();
    expect(ask?.args).toEqual(["https://a.example/linux/centos/gpg"]);
    const answer = await ask?.decide(KEY);
    expect(answer?.files?.map(({ path }) => path)).toEqual([
      "/etc/pki/rpm-gpg/docker-ce.asc",
      "/etc/yum.repos.d/docker-ce.repo",
    ]);
    expect(answer?.files?.[1]?.content).toBe(`[docker-ce-stable]
name=Docker CE Stable
baseurl=https://a.example/linux/centos/9/$basearch/stable
enabled=1
gpgcheck=1
gpgkey=file:///etc/pki/rpm-gpg/docker-ce.asc
# Holds the engine at its version when everything else is updated.
exclude=docker-ce docker-ce-cli containerd.io
`);
    expect(script).toContain("makecache");
  });

  it("stops before anything is written when the key is another one", async () => {
    const { ask } = first(plan(facts(), spec({ engine })));
    await expect(Promise.resolve().then(() => ask?.decide(KEY))).rejects.toThrow(LAB_KEY);
  });

  it("writes a line for apt, with dpkg's name of the processor", async () => {
    const os = {
      ...facts().os,
      family: "debian",
      distribution: "ubuntu",
      codename: "noble",
    } as const;
    const arm = facts({ os, architecture: "aarch64" });
    const { ask } = first(plan(arm, spec({ engine: { ...engine, repositoryKey: false } })));
    expect(ask?.args).toEqual(["https://a.example/linux/ubuntu/gpg"]);
    expect((await ask?.decide(KEY))?.files?.[1]).toEqual({
      path: "/etc/apt/sources.list.d/docker.list",
      content:
        "deb [arch=arm64 signed-by=/etc/apt/keyrings/docker.asc] https://a.example/linux/ubuntu noble stable\n",
    });
  });

  it.each([
    ["another key", factsWithEngine({ repositoryKeys: [DOCKER_DEB] }), [LAB_KEY]],
    ["one key too many", factsWithEngine({ repositoryKeys: [LAB_KEY, DOCKER_DEB] }), [LAB_KEY]],
    ["a file without a key", factsWithEngine({ repositoryKeys: [] }), [LAB_KEY]],
    ["no file, whatever key is taken", factsWithEngine({ repositoryKeys: undefined }), false],
  ] as const)(
    "fetches the key again, and nothing else, where there is %s",
    (_, found, repositoryKey) => {
      const wanted = spec({ engine: { ...spec().engine, repositoryKey } });
      expect(plan(found, wanted).map(({ title }) => title)).toEqual([
        "fetching http://10.1.0.1:8080/linux/centos/gpg",
      ]);
      expect(isTrusted(found, wanted.engine)).toBe(false);
    },
  );

  it("does nothing where the key that is there may be there", () => {
    expect(plan(facts(), spec({ engine: { ...spec().engine, repositoryKey: [LAB_KEY] } }))).toEqual(
      [],
    );
  });
});
