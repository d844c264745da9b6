/** What stays on a machine that was taken out, and why; everything else is as it was before. */
const STAYS = {
  "/etc/containerd": "apt keeps the configuration of packages that it removes",
  "/etc/firewalld/policies/docker-forwarding.xml": "dockerd's own policy",
  "/etc/firewalld/zones/docker.xml": "dockerd's own zone",
  "/etc/firewalld/zones/public.xml":
    "firewalld's own, once a rule was made; the rules are asked for",
  "/etc/firewalld/zones/public.xml.old": "likewise",
  "/etc/group": "the group docker, which its packages make and leave",
  "/etc/group-": "likewise",
  "/etc/gshadow": "likewise",
  "/etc/gshadow-": "likewise",
  "/etc/yum.repos.d/CentOS-Base.repo": "led to the vault by hand",
  "/opt/containerd": "containerd makes it",
  "/run": "of this boot",
  "/tmp": "likewise",
  "/usr/lib/sysimage": "dnf 5's books",
  "/var/cache": "the package manager's and the linker's own",
  "/var/lib/apt": "the package manager's books",
  "/var/lib/containerd": "images of Docker 29, which are nobody's to delete",
  "/var/lib/dnf": "the package manager's books",
  "/var/lib/docker": "images and volumes, which are nobody's to delete",
  "/var/lib/dpkg": "the package manager's books",
  "/var/lib/rpm": "the package manager's books",
  "/var/lib/systemd": "when timers ran",
  "/var/log": "what was done",
  "/var/tmp": "systemd's, of this boot",
} as const;

/** A script that keeps what a machine is like now. */
export const keepTree = `${listTree("/run/drill-before")}
cp -a /etc /run/drill-etc`;

/** A script that says what is not as it was, but for what stays: lines of both lists, and of texts that differ. */
export const compareTrees = `${listTree("/run/drill-after")}
changed=$(diff /run/drill-before /run/drill-after | grep '^[<>]' || true)
if [ -n "$changed" ]; then
  echo "$changed"
  diff -r /run/drill-etc /etc || true
fi`;

/** Writes into a file what there is: each path with owner, mode and what is in it. */
function listTree(file: string): string {
  const tests = Object.keys(STAYS).map((path) => `-path ${path}`);
  const find = `find / -xdev \\( ${tests.join(" -o ")} \\) -prune -o`;
  return `{
  ${find} -printf '%p %y %m %U:%G %l\\n'
  ${find} -type f -print0 | xargs -0 md5sum | awk '{ print $2, $1 }'
} | sort >${file}`;
}
