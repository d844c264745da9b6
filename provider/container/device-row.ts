import { wrappedWords } from "../fields/collections";
import type { Form } from "../fields/form";
import { isTree } from "../fields/paths";

/** `/dev/snd` is short for `/dev/snd:/dev/snd:rwm`: path on the host, in the container, and what may be done. */
function wholeDevice(word: string): [string, string, string] {
  const [host = "", second, third] = word.split(":");
  const isPermissions = second !== undefined && /^[rwm]+$/.test(second);
  if (second === undefined) return [host, host, "rwm"];
  return isPermissions ? [host, host, second] : [host, second, third ?? "rwm"];
}

const list = wrappedWords(
  (word) => {
    const [PathOnHost, PathInContainer, CgroupPermissions] = wholeDevice(word);
    return { PathOnHost, PathInContainer, CgroupPermissions };
  },
  (wire) => {
    const {
      PathOnHost = "",
      PathInContainer = "",
      CgroupPermissions = "",
    } = isTree(wire) ? wire : {};
    return [PathOnHost, PathInContainer, CgroupPermissions].map(String).join(":");
  },
);

/** Devices of the host, as `docker run --device` takes them. */
export const devices: Form<string[]> = {
  ...list,
  normal: (words) => [...words].map((word) => wholeDevice(word).join(":")).sort(),
};
