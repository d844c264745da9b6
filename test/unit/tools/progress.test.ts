import { say, step } from "../../../tools/progress";

afterEach(() => {
  jest.restoreAllMocks();
});

it("leaves standard output to what was asked for, so that --json is JSON", async () => {
  const output = jest.spyOn(process.stdout, "write").mockReturnValue(true);
  const logged = jest.spyOn(console, "log").mockReturnValue();
  const errors = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  say("stack prod: a risk");
  await step("Pulumi", say, async () => Promise.resolve());
  expect(output).not.toHaveBeenCalled();
  expect(logged).not.toHaveBeenCalled();
  expect(errors.mock.calls.map(([text]) => text)).toEqual([
    "stack prod: a risk\n",
    "Pulumi …\n",
    "Pulumi: done (0 s)\n",
  ]);
});
