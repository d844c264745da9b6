import { findMirror, transportSettings } from "../../../lab/debian";

const uris = [
  "'https://vendor.invalid/linux/debian/dists/bookworm/InRelease' x 0 ",
  "'https://vendor.invalid/linux/debian/dists/bookworm/stable/binary-amd64/Packages.xz' x 0 ",
  "'http://mirror.invalid/debian-security/dists/bookworm-security/main/binary-amd64/Packages.xz' x 0 ",
  "'http://mirror.invalid/debian/dists/bookworm/InRelease' x 0 ",
  "'http://mirror.invalid/debian/dists/bookworm/main/binary-amd64/Packages.xz' x 0 ",
].join("\n");

describe("findMirror", () => {
  it("takes the archive with Debian's own component of the plain suite", () => {
    expect(findMirror(uris, "bookworm")).toBe("http://mirror.invalid/debian");
  });

  it("takes a double slash for one", () => {
    const odd = "'http://mirror.invalid/debian//dists/trixie/main/binary-all/Packages.xz' x 0 ";
    expect(findMirror(odd, "trixie")).toBe("http://mirror.invalid/debian");
  });

  it("finds nothing among other vendors' archives", () => {
    expect(findMirror(uris, "trixie")).toBeUndefined();
  });
});

describe("transportSettings", () => {
  it("keeps proxies and date checks, drops the rest, and adds its own", () => {
    const dump = [
      'APT::Architecture "amd64";',
      'Acquire::http "";',
      'Acquire::http::Proxy "http://proxy.invalid:3128";',
      'Acquire::https::Proxy "DIRECT";',
      'Acquire::Check-Valid-Until "false";',
      'Acquire::Languages:: "de";',
      'DPkg::Post-Invoke:: "rm -rf /";',
    ].join("\n");
    expect(transportSettings(dump)).toBe(
      [
        'Acquire::http::Proxy "http://proxy.invalid:3128";',
        'Acquire::https::Proxy "DIRECT";',
        'Acquire::Check-Valid-Until "false";',
        'Acquire::Languages "none";',
        'Acquire::Retries "3";',
        'APT::Sandbox::User "root";',
        "",
      ].join("\n"),
    );
  });
});
