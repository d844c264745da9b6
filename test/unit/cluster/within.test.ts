import { within } from "../../../cluster/within";

test("what comes in time is handed on, an error too", async () => {
  await expect(within(60, Promise.resolve("here"))).resolves.toBe("here");
  await expect(within(60, Promise.reject(new Error("no")))).rejects.toThrow("no");
});

test("what does not come in time is undefined, and may fail later", async () => {
  const failing = new Promise((_, reject) => setTimeout(reject, 20, new Error("too late")));
  await expect(within(0.01, failing)).resolves.toBeUndefined();
  await expect(failing).rejects.toThrow("too late");
});
