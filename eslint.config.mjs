import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** Room → the rooms that it may use, as docs/architecture.md says. */
const uses = {
  adoption: [
    "cluster",
    "components",
    "host-settings",
    "hosts",
    "inspection",
    "lab",
    "provider",
    "settings",
    "stack-files",
    "words",
  ],
  cluster: ["hosts", "units"],
  components: ["host-settings", "resources", "stack-files"],
  consequences: ["cluster", "units"],
  "host-settings": [],
  hosts: ["host-settings", "units"],
  inspection: ["cluster", "components", "host-settings", "hosts", "lab", "provider", "settings"],
  lab: ["hosts"],
  "lab-provider": ["lab", "plugin", "provider", "units"],
  map: ["cluster", "components", "hosts", "lab", "settings", "status"],
  operations: ["cluster", "components", "hosts", "lab", "settings"],
  plugin: ["components", "provider", "settings", "words"],
  provider: ["cluster", "consequences", "host-settings", "hosts", "units", "words"],
  reference: [],
  resources: [],
  schema: ["cluster", "components", "provider", "settings"],
  settings: ["components", "host-settings", "hosts", "stack-files", "words"],
  stack: ["provider", "stack-files", "words"],
  "stack-files": ["resources", "units", "words"],
  status: ["cluster", "components", "hosts", "lab", "settings", "tasks"],
  tasks: ["cluster", "components", "hosts", "lab", "settings", "units", "words"],
  tools: ["consequences"],
  units: [],
  words: [],
};

/** A folder within a room may have the name of another room, so what counts is how many steps lead out. */
const direction = Object.entries(uses).flatMap(([room, used]) => {
  const others = Object.keys(uses).filter((other) => other !== room && !used.includes(other));
  const message = `${room}/ may use ${used.map((other) => `${other}/`).join(", ") || "no other room"}.`;
  return [1, 2, 3].map((depth) => ({
    files: [`${room}/${"*/".repeat(depth - 1)}*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ regex: `^(\\.\\./){${depth}}(${others.join("|")})/`, message }] },
      ],
    },
  }));
});

const syntax = [
  {
    selector:
      "CallExpression[callee.property.name='apply'] NewExpression[callee.property.name=/^[A-Z]/]",
    message: "A resource made inside .apply is invisible to the preview.",
  },
  { selector: "ExportDefaultDeclaration", message: "Named exports only." },
];

/** Each call of Docker's is one function, with its types. */
const calls = {
  files: Object.keys(uses)
    .filter((room) => room !== "hosts")
    .map((room) => `${room}/**/*.ts`),
  rules: {
    "no-restricted-syntax": [
      "error",
      ...syntax,
      {
        selector: "CallExpression[callee.property.name='request'][arguments.0.value=/^[A-Z]+$/]",
        message: "Calls of Docker's API have functions of their own in hosts/engine-api/.",
      },
    ],
  },
};

export default tseslint.config(
  { ignores: ["dist/", ".swarm/", "node_modules/"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "no-restricted-syntax": ["error", ...syntax],
    },
  },
  ...direction,
  calls,
  {
    files: ["test/**/*.ts"],
    rules: { "max-lines-per-function": "off", "max-lines": ["error", { max: 500 }] },
  },
  {
    files: ["**/*.mjs", "**/*.js"],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      ...tseslint.configs.disableTypeChecked.languageOptions,
      globals: { process: "readonly", console: "readonly", URL: "readonly" },
    },
  },
  { files: ["eslint.config.mjs", "jest.config.mjs"], rules: { "no-restricted-syntax": "off" } },
);
