import type { LabImage } from "../../lab/base-image";

/** A machine on which something is changed by hand, and the other one that it knows. */
interface Place {
  readonly image: LabImage;
  readonly worker: string;
  readonly address: string;
}

/** What is declared beyond a swarm: something of each kind that is changed by hand. */
export const declared = {
  host: { sysctls: { "vm.max_map_count": 300_000 } },
  daemon: { "max-concurrent-downloads": 2 },
};

const isEl = ({ image }: Pick<Place, "image">): boolean => image.startsWith("centos");
const keyFile = (place: Place): string =>
  isEl(place) ? "/etc/pki/rpm-gpg/docker-ce.asc" : "/etc/apt/keyrings/docker.asc";

/** A script that changes a kernel setting, a key of the engine's, a name, the repository's key and the firewall. */
export function byHand(place: Place): string {
  return [
    "sysctl -qw vm.max_map_count=65530",
    'sed -i \'s/"max-concurrent-downloads": 2/"max-concurrent-downloads": 5/\' /etc/docker/daemon.json',
    `sed -i '/ ${place.worker}$/d' /etc/hosts`,
    `echo another >${keyFile(place)}`,
    closed(place),
  ].join("\n");
}

/** A script that says what those are now, one thing a line. */
export function written(place: Place): string {
  return [
    "sysctl -n vm.max_map_count",
    "grep -o '\"max-concurrent-downloads\": [0-9]*' /etc/docker/daemon.json",
    "md5sum </etc/hosts",
    `md5sum <${keyFile(place)}`,
    rules(place),
  ].join("\n");
}

/** Shuts out the other machine's 7946/tcp. */
function closed(place: Place): string {
  if (place.image === "debian") return "";
  if (!isEl(place)) return `ufw delete allow proto tcp from ${place.address} to any port 7946`;
  return `rule=$(firewall-cmd --list-rich-rules | grep ${place.address} | grep 7946 | grep tcp)
firewall-cmd -q --permanent --remove-rich-rule="$rule"
firewall-cmd -q --remove-rich-rule="$rule"`;
}

/** A script that says which rules of its firewall a machine has. */
export function rules(place: Pick<Place, "image">): string {
  if (place.image === "debian") return "";
  // `ufw status` gives up where an engine has the lock of iptables at that moment.
  if (!isEl(place))
    return "(grep -h '### tuple' /etc/ufw/user*.rules; iptables -w 60 -S ufw-user-input) | sort";
  return "(firewall-cmd --list-rich-rules; firewall-cmd --permanent --list-rich-rules) | sort";
}
