/** One project per rung of the proof ladder; `npm test` runs them in this order. */
const project = (name, extra = {}) => ({
  displayName: name,
  rootDir: ".",
  testEnvironment: "node",
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform: {
    "/signing-keys\\.ts$": "<rootDir>/test/late-import.mjs",
    "^.+\\.ts$": ["ts-jest", { tsconfig: "tsconfig.json", diagnostics: false }],
    "^.+\\.sh$": "<rootDir>/test/shell-text.mjs",
  },
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.swarm/"],
  ...extra,
});

export default {
  // A guard against tests that hang, far beyond what any takes on a busy machine.
  testTimeout: 60_000,
  projects: [
    project("unit"),
    project("mocks"),
    project("preview"),
    project("e2e"),
    project("drills"),
  ],
};
