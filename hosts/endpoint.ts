import { isIP } from "node:net";

/** An address and a port. */
export interface Endpoint {
  /** IPv4 or IPv6, without brackets. */
  readonly address: string;
  readonly port: number;
}

/** `203.0.113.11:2377` and `[fd00::10]:2377`, taken apart; undefined for anything else, which may be hostile. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const [, bracketed, plain = bracketed ?? "", digits] =
    /^(?:\[([^[\]]{1,64})\]|([^:[\]]{1,64})):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const version = bracketed === undefined ? 4 : 6;
  if (isIP(plain) !== version || !(port >= 1 && port <= 65_535)) return undefined;
  return { address: plain, port };
}

/** What is before the port, which may be missing: `fd00::10` of `[fd00::10]:2377` and of `fd00::10`, `eth0` of `eth0:2377`. */
export function withoutPort(text: string): string {
  if (isIP(text) !== 0) return text;
  return text.replace(/:\d{1,5}$/, "").replace(/^\[(.*)\]$/, "$1");
}

/** An address as it stands in a URL: IPv6 in brackets. */
export function urlHost(address: string): string {
  return isIP(address) === 6 ? `[${address}]` : address;
}

/** Whether an address stands for all of a machine's. */
export function isEveryAddress(address: string): boolean {
  return /^(0\.0\.0\.0|\[?::\]?)(:\d+)?$/.test(address);
}

/** One spelling of an address: `fd00::11` of `FD00:0::0011`. What is no address stays as it is. */
export function plainAddress(address: string): string {
  return isIP(address) === 6 && !address.includes("%")
    ? new URL(`http://[${address}]/`).hostname.slice(1, -1)
    : address;
}
