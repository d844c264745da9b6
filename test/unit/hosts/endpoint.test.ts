import { isIP } from "node:net";
import fc from "fast-check";
import { parseEndpoint, urlHost, withoutPort } from "../../../hosts/endpoint";

const address = fc.oneof(fc.ipV4(), fc.ipV6());
const port = fc.integer({ min: 1, max: 65_535 });

describe("an address and a port", () => {
  it("are taken apart as they were put together", () => {
    fc.assert(
      fc.property(address, port, (ip, number) => {
        const text = `${urlHost(ip)}:${number}`;
        expect(parseEndpoint(text)).toEqual({ address: ip, port: number });
        expect(withoutPort(text)).toBe(ip);
        expect(withoutPort(ip)).toBe(ip);
      }),
    );
  });

  it("are nothing else than that, whatever is said", () => {
    const near = fc.tuple(address, fc.string(), port).map(([ip, more, at]) => `${ip}${more}:${at}`);
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), (text) => {
        const found = parseEndpoint(text);
        if (found === undefined) return;
        expect(isIP(found.address)).toBeGreaterThan(0);
        expect(found.port).toBeGreaterThan(0);
        expect(found.port).toBeLessThan(65_536);
      }),
    );
  });

  it.each([
    "10.0.0.1",
    "10.0.0.1:0",
    "10.0.0.1:65536",
    "fd00::10:2377",
    "[10.0.0.1]:2377",
    "$(reboot):2377",
    "10.0.0.1/;reboot;:2377",
    "10.0.0.1:2377\n",
    "manager-1:2377",
    "",
  ])("refuse %j", (text) => {
    expect(parseEndpoint(text)).toBeUndefined();
  });

  it.each([
    ["eth0", "eth0"],
    ["eth0:2377", "eth0"],
    ["[fd00::10]", "fd00::10"],
    ["[fd00::10]:2377", "fd00::10"],
    ["fd00::10", "fd00::10"],
  ])("%s is %s without its port", (text, expected) => {
    expect(withoutPort(text)).toBe(expected);
  });
});
