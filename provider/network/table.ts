import { textMap } from "../fields/collections";
import type { TextMap } from "../fields/collections";
import { field } from "../fields/field";
import type { Place } from "../fields/field";
import { objectList } from "../fields/list";
import { getAt, isTree, setAt } from "../fields/paths";
import type { Tree } from "../fields/paths";
import { flag, text, textLike } from "../fields/scalars";

const address = textLike(/^[0-9a-fA-F:.]+$/, 'an address such as "10.20.0.1"');
const range = textLike(/^[0-9a-fA-F:.]+\/\d{1,3}$/, 'an address range such as "10.20.0.0/16"');

/** Docker's option for an overlay's numbers on the wire; with them it has got its addresses. */
export const numberOption = "com.docker.network.driver.overlay.vxlanid_list";

/** Options that have a property of their own, or that Docker writes by itself. */
const reserved = new Set(["encrypted", numberOption]);

function optionsOf(wire: Tree): TextMap {
  const options = getAt(wire, "Options");
  return isTree(options) ? (options as TextMap) : {};
}

const encryptedPlace: Place<boolean> = {
  read: (wire) => "encrypted" in optionsOf(wire),
  write: (wire, value) => {
    setAt(wire, "Options", { ...optionsOf(wire), encrypted: undefined });
    if (value === true) setAt(wire, "Options", { ...optionsOf(wire), encrypted: "" });
  },
};

const optionsPlace: Place<TextMap> = {
  read: (wire) =>
    Object.fromEntries(Object.entries(optionsOf(wire)).filter(([key]) => !reserved.has(key))),
  write: (wire, value) => {
    setAt(wire, "Options", { ...value });
  },
};

const subnets = objectList(
  {
    subnet: field(range, "Subnet", "Address range of the network, in CIDR form.", {
      required: true,
    }),
    gateway: field(address, "Gateway", "Address of the gateway. Default: the first of the range.", {
      byDocker: true,
    }),
    ipRange: field(range, "IPRange", "Part of the subnet that tasks get their addresses from."),
    auxAddresses: field(
      textMap,
      "AuxiliaryAddresses",
      "Addresses of other things in the range, by name, that no task may get.",
    ),
  },
  { keys: ["subnet"] },
);

const rows = {
  driver: field(text, "Driver", "Network driver.", { fallback: "overlay", explicit: "always" }),
  attachable: field(flag, "Attachable", "Lets containers outside the swarm's services join."),
  internal: field(flag, "Internal", "Cuts the network off from the outside."),
  ingress: field(flag, "Ingress", "Makes it the network of the routing mesh; there is only one."),
  ipv6: field(flag, "EnableIPv6", "Gives it IPv6 addresses as well."),
  driverOpts: field(textMap, optionsPlace, "Options of the driver."),
  encrypted: field(flag, encryptedPlace, "Encrypts what its tasks say between nodes (IPsec ESP)."),
  ipamDriver: field(text, "IPAM.Driver", "Driver that gives out addresses.", {
    fallback: "default",
  }),
  ipamOptions: field(textMap, "IPAM.Options", "Options of the address driver."),
  subnets: field(
    subnets,
    "IPAM.Config",
    "Address ranges. Default: one from the swarm's address pool.",
    { byDocker: true },
  ),
  configFrom: field(
    text,
    "ConfigFrom.Network",
    "Network on each node that holds the driver's settings there (macvlan, ipvlan).",
  ),
  labels: field(textMap, "Labels", "Labels of the network."),
};

/** Everything about a network; Docker can change none of it afterwards. */
export const networkTable = {
  name: field(
    textLike(
      /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/,
      "letters, digits, _, . and -, starting with a letter or digit",
    ),
    "Name",
    "Name of the network. Default: the resource's.",
  ),
  ...rows,
};
