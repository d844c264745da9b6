import type { Clone } from "../e2e/clone";

/** What stands in for Debian's own archive: a jq that does nothing, and a time service that never sets a clock. */
const script = String.raw`set -euo pipefail
mkdir -p /srv/drill && cd /srv/drill
for name in jq systemd-timesyncd; do
  mkdir -p $name/DEBIAN $name/usr/bin $name/usr/lib/systemd/system
  printf 'Package: %s\nVersion: 1\nArchitecture: all\nMaintainer: drill\nDescription: for a drill\n' $name >$name/DEBIAN/control
done
# A package of folders alone disappears as soon as another has them all.
ln -s /bin/true jq/usr/bin/jq
printf '[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n' \
  >systemd-timesyncd/usr/lib/systemd/system/systemd-timesyncd.service
for name in jq systemd-timesyncd; do
  dpkg-deb --root-owner-group --build $name ./$name.deb >&2
  cat $name/DEBIAN/control
  printf 'Filename: ./%s.deb\nSize: %s\nSHA256: %s\n\n' $name "$(stat -c %s $name.deb)" "$(sha256sum $name.deb | cut -d' ' -f1)"
done >Packages
echo "deb [trusted=yes] file:/srv/drill ./" >/etc/apt/sources.list.d/drill.list
printf 'SHA256:\n %s %s Packages\n' "$(sha256sum Packages | cut -d' ' -f1)" "$(stat -c %s Packages)" >Release`;

/** Gives a machine packages jq and systemd-timesyncd to install; the lab serves it none but the engine's. */
export async function serveDebian(clone: Clone, host: string): Promise<void> {
  const text = Buffer.from(script).toString("base64");
  await clone.on(host, `echo ${text} | base64 -d | bash`);
}
