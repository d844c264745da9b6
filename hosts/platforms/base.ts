import type { Facts } from "../facts";

/** How an operating system calls itself in /etc/os-release. */
interface Name {
  readonly id: string;
  readonly like: readonly string[];
  /** NaN where it has no version. */
  readonly major: number;
}

/** The system whose packages of Docker's a system takes. */
type Base = Pick<Facts["os"], "family" | "distribution" | "codename">;

const NO_BASE: Base = { family: "other", distribution: "", codename: "" };

/**
 * What a system is, or stands on, by its own words. Names of derivatives mean nothing to Docker's repository: Linux Mint
 * 22 says that it stands on Ubuntu's noble.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/os-release.html and https://docs.docker.com/engine/install/
 */
export function baseOf(name: Name, values: Readonly<Record<string, string>>): Base {
  const { id, like } = name;
  const is = (...ids: string[]): boolean => [id, ...like].some((word) => ids.includes(word));
  if (is("centos", "rhel", "fedora"))
    return { family: "el", distribution: elFolder(name), codename: "" };
  if (!is("debian", "ubuntu")) return NO_BASE;
  if (id === "ubuntu" || id === "debian")
    return { family: "debian", distribution: id, codename: values.VERSION_CODENAME ?? "" };
  if (values.UBUNTU_CODENAME !== undefined)
    return { family: "debian", distribution: "ubuntu", codename: values.UBUNTU_CODENAME };
  return {
    family: "debian",
    distribution: "debian",
    codename: values.DEBIAN_CODENAME ?? "",
  };
}

function elFolder({ id, like, major }: Name): string {
  // Amazon says that it is like Fedora, and no release of Fedora has its version or its packages.
  if (id === "amzn") return "";
  if (id === "fedora") return "fedora";
  // For RHEL 7 Docker has packages for mainframes only; those for CentOS are the same.
  if (id === "rhel") return major >= 8 ? "rhel" : "centos";
  // Oracle Linux calls itself like Fedora, too, with the versions of Enterprise Linux.
  const enterprise = ["centos", "rhel"].some((word) => like.includes(word)) || major < 20;
  return id === "centos" || enterprise ? "centos" : "fedora";
}
