import { leavingHosts, leavingPaths } from "../../../../provider/adapter/leaving";

const a = { role: "manager", address: "192.0.2.1" };
const c = { role: "worker", address: "192.0.2.3" };
const lab = { role: "worker" };
const b = { role: "worker", address: "192.0.2.2", password: "x" };
const jump = (address: string): object => ({ address, hostKey: "k" });
const behind = { ...b, jump: jump("203.0.113.1") };
const elsewhere = { ...b, jump: jump("203.0.113.2") };

test.each([
  ["nobody leaves", { hosts: { a, b } }, { hosts: { a, b } }, {}],
  ["one leaves", { hosts: { a, b } }, { hosts: { a } }, { b }],
  [
    "it stays until the run is done, however often that is tried",
    { hosts: { a }, leaving: { b } },
    { hosts: { a } },
    { b },
  ],
  ["it comes back", { hosts: { a }, leaving: { b } }, { hosts: { a, b } }, {}],
  ["another one leaves later", { hosts: { a, c }, leaving: { b } }, { hosts: { a } }, { b, c }],
  ["its machine has another name now", { hosts: { a, b } }, { hosts: { a, c: b } }, {}],
  [
    "another machine has its address behind another jump host",
    { hosts: { a, behind } },
    { hosts: { a, elsewhere } },
    { behind },
  ],
  [
    "its machine has another name now, behind the jump host of all",
    { hosts: { a, b } },
    { ssh: { port: 2222, jump: jump("203.0.113.1") }, hosts: { a, c: { ...behind, port: 2222 } } },
    {},
  ],
  ["a host that is none", { hosts: { a, b } }, { hosts: { a, b: null } }, {}],
  ["machines of a lab", { hosts: { a: lab, b: lab } }, { hosts: { a: lab } }, { b: lab }],
  ["the first configuration", {}, { hosts: { a } }, {}],
])("%s", (_what, olds, news, expected) => {
  expect(leavingHosts(olds, news)).toEqual(expected);
});

test("what was secret in the hosts stays secret", () => {
  expect(
    leavingPaths([
      ["hosts", "b", "address"],
      ["ssh", "password"],
    ]),
  ).toEqual([["leaving", "b", "address"]]);
});
