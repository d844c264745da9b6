import { planLab } from "../../../lab/plan";
import { processorsOf } from "../../../lab/processors";

function processors(
  machines: number,
  list: string | undefined,
  subnet = "198.18.4.0/24",
): readonly string[] {
  const hosts = Array.from({ length: machines }, (_, index) => `m${index}`);
  const recorded = { subnet, hosts: {} };
  const plan = planLab({ directory: "/srv/lab", routes: [], hosts, recorded });
  const allowed = list === undefined ? "" : `Cpus_allowed_list:\t${list}\n`;
  const status = `Name:\tnode\nCpus_allowed:\tf\n${allowed}Mems_allowed:\t1\n`;
  return hosts.map((host) => processorsOf(plan, host, status));
}

describe("the processors of a lab's machines", () => {
  it("are one for each, turn by turn", () => {
    expect(processors(2, "0-1")).toEqual(["0", "1"]);
    expect(processors(4, "0-1")).toEqual(["0", "1", "0", "1"]);
    expect(processors(3, "0-7")).toEqual(["4", "5", "6"]);
  });

  it("are all for those who are left over", () => {
    expect(processors(3, "0-1")).toEqual(["0", "1", "0,1"]);
    expect(processors(5, "0-2")).toEqual(["1", "2", "0", "0,1,2", "0,1,2"]);
  });

  it("are those that this process may run on", () => {
    expect(processors(2, "2")).toEqual(["2", "2"]);
    expect(processors(5, "1,4-5,9")).toEqual(["1", "4", "5", "9", "1,4,5,9"]);
  });

  it("are others for the first of another lab", () => {
    expect(processors(1, "0-1", "198.18.5.0/24")).toEqual(["1"]);
    expect(processors(1, "0-1", "198.18.6.0/24")).toEqual(["0"]);
  });

  it("are the first where nobody says which there are", () => {
    expect(processors(2, undefined)).toEqual(["0", "0"]);
  });
});
