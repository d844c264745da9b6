import { EngineError } from "../../../hosts/engine";
import { inSequence } from "../../../provider/sequence";

const outOfSequence = new EngineError(
  "manager-1",
  "POST /nodes/x/update",
  500,
  "rpc error: code = Unknown desc = update out of sequence",
);

test("a write that somebody else was faster than is tried again", async () => {
  const attempt = jest.fn<Promise<string>, []>();
  attempt.mockRejectedValueOnce(outOfSequence).mockResolvedValue("written");
  await expect(inSequence(attempt)).resolves.toBe("written");
  expect(attempt).toHaveBeenCalledTimes(2);
});

test("after five refusals in a row Docker's words are handed on", async () => {
  const attempt = jest.fn<Promise<string>, []>().mockRejectedValue(outOfSequence);
  await expect(inSequence(attempt)).rejects.toBe(outOfSequence);
  expect(attempt).toHaveBeenCalledTimes(5);
});

test("any other error is not tried again", async () => {
  const error = new EngineError("manager-1", "POST /nodes/x/update", 500, "no leader");
  const attempt = jest.fn<Promise<string>, []>().mockRejectedValue(error);
  await expect(inSequence(attempt)).rejects.toBe(error);
  expect(attempt).toHaveBeenCalledTimes(1);
});
