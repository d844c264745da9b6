import { existsSync } from "node:fs";
import { join } from "node:path";
import { stacksOf } from "../../../adoption/stacks";

const root = join(__dirname, "../../..");
const bytes = Buffer.from([0]);
const sorted = {
  stacks: [
    {
      stack: "shop",
      services: ["shop_web"],
      text: "a",
      files: { "shop/page": bytes },
      keys: new Map(),
    },
  ],
  rest: { services: ["lone"], text: "b", files: {}, keys: new Map() },
  odd: [{ service: { name: "odd", image: "nginx" }, unsaid: ["oomScoreAdj"] }],
  oddNetworks: [],
  notes: [],
};

test("each environment has folders of its own, beside the examples of this project", () => {
  const [office, branch] = [stacksOf(sorted, "office"), stacksOf(sorted, "branch")];
  const paths = Object.keys(office.files).sort();
  expect(paths).toEqual([
    "programs/office/unsorted-program/index.ts",
    "stacks/office/shop.yml",
    "stacks/office/shop/page",
    "stacks/office/unsorted.yml",
  ]);
  expect(paths.filter((path) => path in branch.files || existsSync(join(root, path)))).toEqual([]);
  expect(office.part.stacks).toEqual({
    shop: { file: "stacks/office/shop.yml" },
    unsorted: { file: "stacks/office/unsorted.yml", namespace: false },
    "unsorted-program": { program: "programs/office/unsorted-program" },
  });
  expect(office.files["programs/office/unsorted-program/index.ts"]).toContain(
    'from "../../../public"',
  );
});
