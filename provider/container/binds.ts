import { getAt, isTree } from "../fields/paths";
import type { Tree } from "../fields/paths";

/**
 * Every mount of a container in the form in which the provider declares them: `docker run -v` and `--tmpfs` leave theirs
 * in older ones.
 */
export function mountsIn(wire: Tree): Tree[] | undefined {
  const mounts = (getAt(wire, "HostConfig.Mounts") ?? []) as Tree[];
  const binds = (getAt(wire, "HostConfig.Binds") ?? []) as string[];
  const tmpfs = getAt(wire, "HostConfig.Tmpfs");
  const all = [
    ...mounts,
    ...binds.map(bindMount),
    ...(isTree(tmpfs) ? Object.keys(tmpfs) : []).map((Target): Tree => ({ Type: "tmpfs", Target })),
  ];
  return all.length === 0 ? undefined : all;
}

const propagations = ["private", "rshared", "shared", "rslave", "slave"];

/** `/srv/www:/www:ro` or `data:/var/lib/data`. */
function bindMount(bind: string): Tree {
  const [Source = "", Target = "", options = ""] = bind.split(":");
  const words = options.split(",");
  const Propagation = words.find((word) => propagations.includes(word));
  return {
    Type: Source.startsWith("/") ? "bind" : "volume",
    Source,
    Target,
    ...(words.includes("ro") ? { ReadOnly: true } : {}),
    ...(Propagation === undefined ? {} : { BindOptions: { Propagation } }),
  };
}
