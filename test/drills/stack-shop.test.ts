/**
 * The shop of four nodes as its file is: each service on the node that has its name, nothing on the manager; a new
 * version, a move by hand, a node that is not there.
 *
 * Does not prove: what the parts of a real shop do.
 */
import { ask, StackLab, until } from "./stack-lab";
import { minute } from "./story";

const lab = new StackLab("stack-shop", {
  hosts: [
    "manager: { role: manager, availability: drain }",
    "user: { role: worker }",
    "goods: { role: worker }",
    "order: { role: worker }",
  ],
  memory: "512MiB",
});
const { clone } = lab;
const file = "stacks/shop.yml";
const parts = ["goods", "order", "user"];

function declare(tag: string): void {
  lab.declare(`shop: { file: ${file}, variables: { TAG: "${tag}" } }`);
}

async function images(): Promise<string[]> {
  const list = await lab.manager("docker service ls --format '{{.Image}}'");
  return list.split("\n").sort();
}

it(
  "has each part on its own node, and answers on all of them",
  async () => {
    declare("1.0");
    await lab.up();
    expect(await lab.services()).toEqual(parts.map((part) => `shop_${part} 1/1`));
    for (const part of parts)
      expect([part, await lab.nodesOf(`shop_${part}`)]).toEqual([part, [part]]);
    expect(await lab.manager("docker ps --quiet")).toBe("");
    const [node = ""] = await lab.addresses();
    const { text } = await until(`http://${node}:8083/order/1`, "Li");
    expect(JSON.parse(text)).toEqual({ user: { name: "Li" }, goods: { name: "cup", price: 30 } });
    await lab.everywhere("http://NODE:8081/", '"service": "user"');
    await lab.everywhere("http://NODE:8082/", '"service": "goods"');
  },
  30 * minute,
);

it(
  "gets a new version of all parts by one variable",
  async () => {
    declare("1.1");
    const image = /^update shop\.(goods|order|user) image labels\["com\.docker\.stack\.image"\]$/;
    const planned = await clone.planned();
    expect(planned).toHaveLength(3);
    for (const step of planned) expect(step).toMatch(image);
    await lab.up();
    expect(await images()).toEqual(parts.map((part) => `shop/${part}:1.1`));
  },
  15 * minute,
);

it(
  "goes back to its node when somebody has sent it to another",
  async () => {
    const swap =
      "--constraint-rm 'node.hostname == goods' --constraint-add 'node.hostname == user'";
    await lab.manager(`docker service update --detach ${swap} shop_goods`);
    expect(await clone.planned()).toEqual(["update shop.goods placement.constraints"]);
    await lab.up();
    expect(await lab.nodesOf("shop_goods")).toEqual(["goods"]);
  },
  15 * minute,
);

it(
  "says so when its file names a node that is not there, and is mended by the file",
  async () => {
    clone.edit(file, "node.hostname == order", "node.hostname == orders");
    expect(await lab.failing()).toMatch(/service shop_order: .*no suitable node/s);
    clone.edit(file, "node.hostname == orders", "node.hostname == order");
    await lab.up();
    expect(await lab.nodesOf("shop_order")).toEqual(["order"]);
  },
  15 * minute,
);

it(
  "loses the part that its file has no longer, and that alone",
  async () => {
    clone.edit(file, "  order:\n", "  order:\n    profiles: [later]\n");
    expect(await clone.planned()).toEqual(["delete shop.order"]);
    await lab.up();
    expect(await lab.services()).toEqual(["shop_goods 1/1", "shop_user 1/1"]);
    const [node = ""] = await lab.addresses();
    await expect(ask(`http://${node}:8083/`)).rejects.toThrow();
  },
  15 * minute,
);
