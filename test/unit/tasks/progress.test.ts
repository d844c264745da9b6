import { Progress } from "../../../tasks/progress";

const line = (taskId: string, second: number, text = "") => ({
  taskId,
  time: `2026-11-25T03:00:${String(second).padStart(2, "0")}.000000000Z`,
  source: "stdout" as const,
  text,
});

test("a stream that begins anew repeats nothing and loses nothing", () => {
  const progress = new Progress();
  expect(progress.since).toBeUndefined();
  const first = [line("a", 1), line("a", 40), line("b", 35), line("a", 40)];
  expect(first.every((one) => progress.isNew(one))).toBe(true);
  expect(progress.since).toBe(String(Date.parse("2026-11-25T03:00:10Z") / 1000) + ".000");
  progress.restart();
  const second = [...first, line("a", 40, "new"), line("b", 36), line("c", 1), line("a", 41)];
  expect(second.filter((one) => progress.isNew(one))).toEqual(second.slice(first.length));
  progress.restart();
  expect(second.filter((one) => progress.isNew(one))).toEqual([]);
});

test("a machine whose clock is set back goes on being heard", () => {
  const progress = new Progress();
  expect([line("a", 40), line("a", 20), line("a", 21)].every((one) => progress.isNew(one))).toBe(
    true,
  );
});
