import { isIP } from "node:net";
import { z } from "zod";

// Each schema's own error text is what was expected: `got "x"; expected <text>`.

const hostNamePattern =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

/** `web-1`, `web-1.example.org`. */
export const hostName = z
  .string()
  .regex(hostNamePattern, "a host name of letters, digits and hyphens, with or without a domain");

/** Text that fits on one line. */
export const words = z.string().refine((text) => !/[\n\r\0]/.test(text), "text of one line");

/** Names and values of labels. */
export const labels = z.record(z.string(), words);

export const url = z
  .string()
  .refine(
    (text) => /^https?:\/\//.test(text) && URL.canParse(text),
    'a URL, such as "https://mirror.example.org"',
  )
  .refine(
    (text) => !URL.canParse(text) || new URL(text).username + new URL(text).password === "",
    "a URL without a user and a password: it is kept in clear on the machines and in the state",
  );

export const fingerprint = z
  .string()
  .regex(/^([0-9A-Fa-f]\s*){40}$/, "the fingerprint of a key, 40 hex digits, in quotes");

/** An IP address or a subnet. */
export const source = z.string().check((context) => {
  const expected = sourceProblem(context.value);
  if (expected !== undefined)
    context.issues.push({ code: "custom", message: expected, input: context.value });
});

export const packageName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9+._:-]*$/, "the name of a package");

export const userName = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, "the name of a Unix user");

export const groupName = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, "the name of a Unix group");

export const moduleName = z.string().regex(/^[A-Za-z0-9_-]+$/, "the name of a kernel module");

export const sysctlName = z
  .string()
  .regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_/-]+)+$/, "a kernel setting such as net.ipv4.ip_forward");

export const serviceName = z
  .string()
  .regex(
    /^[A-Za-z0-9:_][A-Za-z0-9:_.@-]*$/,
    "the name of a systemd service, such as node_exporter",
  );

/** A line of authorized_keys: options, the type of the key, the key, a comment. */
export const authorizedKey = z
  .string()
  .refine(isAuthorizedKey, 'a line of authorized_keys, such as "ssh-ed25519 AAAA… name"');

/** What stands after a user's name in a file of sudo's. */
export const sudoRule = z
  .string()
  .regex(
    /^[^\s#=\\][^\n\r\0\\=]*=([^\n\r\0\\]*[^\s\0\\])$/,
    'a rule of sudo\'s without the user, such as "ALL=(ALL) NOPASSWD: ALL"',
  );

/** What is wrong with an address or a subnet, as what was expected instead; undefined when nothing is. */
function sourceProblem(text: string): string | undefined {
  const wanted = 'an IP address or a subnet, such as "10.20.0.0/16"';
  const [address = "", length = "", ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || text.includes("%")) return wanted;
  if (!text.includes("/")) return undefined;
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : Infinity;
  if (rest.length > 0 || prefix > (version === 6 ? 128 : 32)) return wanted;
  const base = networkOf(address, prefix);
  return base === undefined ? undefined : `${base}/${prefix}, the subnet that the address lies in`;
}

/** The first address of a subnet; undefined where the address is it. */
function networkOf(address: string, prefix: number): string | undefined {
  const version = isIP(address);
  const whole = version === 6 ? 128n : 32n;
  const number = version === 6 ? numberOf6(address) : numberOf4(address);
  const base = (number >> (whole - BigInt(prefix))) << (whole - BigInt(prefix));
  if (base === number) return undefined;
  return version === 6 ? text6(base) : text4(base);
}

function numberOf4(address: string): bigint {
  return address.split(".").reduce((sum, byte) => (sum << 8n) + BigInt(byte), 0n);
}

function text4(number: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((number >> shift) & 255n)).join(".");
}

function numberOf6(address: string): bigint {
  // A URL spells an address without abbreviations of IPv4 in it.
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = "", tail] = plain.split("::");
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const zeros = new Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right].reduce(
    (sum, word) => (sum << 16n) + BigInt(`0x${word}`),
    0n,
  );
}

function text6(number: bigint): string {
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((number >> BigInt(112 - 16 * at)) & 0xffffn).toString(16),
  );
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

function isAuthorizedKey(text: string): boolean {
  if (/[\n\r\0]/.test(text)) return false;
  const found = /(?:^|\s)((?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+) ([A-Za-z0-9+/]+=*)(?:\s|$)/.exec(
    text,
  );
  const [, type = "", base64 = ""] = found ?? [];
  const bytes = Buffer.from(base64, "base64");
  return bytes.length > 40 && bytes.subarray(4, 4 + type.length).toString("latin1") === type;
}
