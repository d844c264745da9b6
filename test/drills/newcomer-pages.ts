import type { Reading } from "./reader";

const machine = {
  written: "203.0.113.11",
  because: "an address that belongs to nobody: a machine of the lab is there",
};
const other = { ...machine, written: "203.0.113.21" };

/** `swarm:` or arguments of the cluster: the lab has no way to Docker's own packages and images. */
const site = "the lab's machines find packages and images on this one";

const update = { asks: /perform this update\?/, answer: "yes" };

/** The npm package, in an empty folder. */
export const packagePage = {
  path: "docs/package.md",
  followed: ["Five minutes", "Settings in the stack's file"],
  replaced: [
    machine,
    { written: "ssh-ed25519 AAAA…", because: "the machine's own host key" },
    { written: "  hosts: {\n", because: site },
    {
      written: "pulumi login --local",
      because: "Pulumi keeps it in the home that the system knows of its user, whatever HOME says",
    },
  ],
  asked: [{ line: "pulumi up", ...update }],
  left: [],
} as const satisfies Reading;

/** This repository, for machines that exist. */
export const readmePage = {
  path: "README.md",
  followed: ["Your own machines"],
  replaced: [machine, other, { written: "config:\n", because: site }],
  asked: [{ line: "npm run up -- --stack prod", ...update }],
  left: [
    { heading: "swarm", line: "npm run up", because: "test/e2e/main-job types it" },
    {
      heading: "swarm",
      line: "npm run preview -- --stack prod",
      because: "a picture of four machines; test/unit/consequences/readme says the same",
    },
  ],
} as const satisfies Reading;

/** A swarm whose stacks Docker's own command has made. */
export const stackDeployPage = {
  path: "docs/from-docker-stack-deploy.md",
  followed: ["First, without touching anything", "Step by step", "In a pipeline"],
  replaced: [
    machine,
    other,
    { written: "config:\n", because: site },
    { written: 'TAG: "1.4"', because: "the lab has no such nginx" },
    { written: "TAG=1.4", because: "the same" },
  ],
  asked: [{ line: "npm run up -- --stack prod", ...update }],
  left: [],
} as const satisfies Reading;

/** The same swarm, whose machines playbooks have made. */
export const ansiblePage = {
  path: "docs/from-ansible.md",
  followed: ["Step by step"],
  replaced: [machine, other, { written: "config:\n", because: site }],
  asked: [
    {
      line: "npm run pulumi -- config set --stack prod --secret --path swarm:ssh.sudoPassword   # where sudo asks",
      asks: /value:/,
      answer: "seven-grey-herons-92",
    },
  ],
  left: [],
} as const satisfies Reading;

export const newcomerPages: readonly Reading[] = [
  packagePage,
  readmePage,
  stackDeployPage,
  ansiblePage,
];
