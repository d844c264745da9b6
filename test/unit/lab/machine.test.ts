import { umlArguments } from "../../../lab/machine";
import { planLab } from "../../../lab/plan";

describe("umlArguments", () => {
  it("gives a machine its disk, its plug and its address", () => {
    const plan = planLab({
      directory: "/srv/lab",
      routes: [],
      hosts: ["manager-1"],
      recorded: { subnet: "198.18.5.0/24", hosts: {} },
    });
    const disk = "/srv/lab/machines/manager-1/disk.img";
    expect(
      umlArguments({ name: "manager-1", disk, memoryMiB: 1536, plan, processors: "0,1" }),
    ).toEqual([
      ...["taskset", "--cpu-list", "0,1"],
      "/mnt/uml/boot",
      "mem=1536M",
      "ubd0=/srv/lab/machines/manager-1/disk.img",
      "root=/dev/ubda",
      "rootflags=barrier=0",
      "rw",
      "con=null",
      "con0=null,fd:1",
      "vec0:transport=tap,ifname=tap11,mac=02:00:c6:12:05:0b,depth=128,gro=1",
      "umid=manager-1",
      "uml_dir=/tmp",
      "systemd.show_status=false",
      "swarm.address=198.18.5.11/24",
      "swarm.gateway=198.18.5.1",
    ]);
  });
});
