import { SharedLists } from "../../../cluster/shared-lists";

// When a list is asked for again, by the clock and by what is done.

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Lists of a swarm that has another service each time it is asked. */
function shared() {
  const lists = new SharedLists();
  const asked = { count: 0 };
  const services = async (): Promise<readonly string[]> =>
    lists.get("services", async () => Promise.resolve([`service ${(asked.count += 1)}`]));
  return { lists, asked, services };
}

const THREE_SECONDS = 3_000;
const HALF_AN_HOUR = 30 * 60_000;

test("all who read at the same time share a list, and for 3 s", async () => {
  const { services } = shared();
  const [one, other] = await Promise.all([services(), services()]);
  expect(other).toBe(one);
  await jest.advanceTimersByTimeAsync(THREE_SECONDS - 1);
  expect(await services()).toBe(one);
  await jest.advanceTimersByTimeAsync(1);
  expect(await services()).toEqual(["service 2"]);
});

describe("held", () => {
  test("a list does not grow old, however slow those are who read it", async () => {
    const { lists, asked, services } = shared();
    lists.hold();
    for (let reader = 0; reader < 50; reader++) {
      expect(await services()).toEqual(["service 1"]);
      await jest.advanceTimersByTimeAsync(HALF_AN_HOUR);
    }
    expect(asked.count).toBe(1);
  });

  test("a list is forgotten when its noun is written, and no other with it", async () => {
    const { lists, services } = shared();
    lists.hold();
    await services();
    lists.invalidate("networks");
    expect(await services()).toEqual(["service 1"]);
    lists.invalidate("services");
    expect(await services()).toEqual(["service 2"]);
    lists.clear();
    expect(await services()).toEqual(["service 3"]);
  });

  test("a list that could not be had is asked for again", async () => {
    const { lists, services } = shared();
    lists.hold();
    const refused = lists.get("services", async () => Promise.reject(new Error("nobody answers")));
    await expect(refused).rejects.toThrow("nobody answers");
    expect(await services()).toEqual(["service 1"]);
  });

  test("lists are forgotten when they are released, and grow old from then on", async () => {
    const { lists, services } = shared();
    lists.hold();
    await services();
    lists.release();
    expect(await services()).toEqual(["service 2"]);
    // Several act at once: what was listed since the first one began is good.
    lists.release();
    expect(await services()).toEqual(["service 2"]);
    await jest.advanceTimersByTimeAsync(THREE_SECONDS);
    expect(await services()).toEqual(["service 3"]);
  });
});
