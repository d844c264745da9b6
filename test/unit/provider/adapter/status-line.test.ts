import { StatusLine } from "../../../../provider/adapter/status-line";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("the newest text, at most four times a second, never the same twice", () => {
  const said: string[] = [];
  const line = new StatusLine((text) => said.push(text));
  for (const text of ["1/3", "2/3", "2/3", "3/3"]) line.show(text);
  expect(said).toEqual(["1/3"]);
  jest.advanceTimersByTime(250);
  expect(said).toEqual(["1/3", "3/3"]);
  line.show("3/3");
  jest.advanceTimersByTime(1000);
  line.show("waiting");
  expect(said).toEqual(["1/3", "3/3", "waiting"]);
  line.show("ready");
  line.end();
  jest.advanceTimersByTime(1000);
  expect(said).toEqual(["1/3", "3/3", "waiting", "ready"]);
});
