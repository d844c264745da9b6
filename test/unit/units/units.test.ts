import fc from "fast-check";
import {
  parseBytes,
  parseCpus,
  parseDuration,
  parseFileMode,
  renderBytes,
  renderDuration,
  renderFileMode,
} from "../../../units/units";

describe("Go durations", () => {
  it.each([
    ["0", 0],
    ["0s", 0],
    ["90s", 90e9],
    ["1m30s", 90e9],
    ["1.5h", 5400e9],
    ["100ms", 1e8],
    ["1us", 1000],
    ["1µs", 1000],
    ["1μs", 1000],
    ["7ns", 7],
    [".5s", 5e8],
    ["1.s", 1e9],
    ["+1s", 1e9],
    ["-1s", -1e9],
    ["-0", 0],
    ["0.3s", 3e8],
    ["1.0000000009s", 1e9],
  ])("reads %s", (text, nanoseconds) => {
    expect(parseDuration(text)).toBe(nanoseconds);
  });

  it.each(["", "5", "5 s", "1d", "s", ".s", "--1s", "1m30", "9999999h", "5 minutes"])(
    "refuses %p",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  it.each([
    [0, "0s"],
    [90e9, "1m30s"],
    [3600e9, "1h"],
    [1500e6, "1s500ms"],
  ])("writes %d as %s", (nanoseconds, text) => {
    expect(renderDuration(nanoseconds)).toBe(text);
  });

  it("reads what it writes", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (nanoseconds) => {
        expect(parseDuration(renderDuration(nanoseconds))).toBe(nanoseconds);
      }),
    );
  });
});

describe("sizes", () => {
  it.each([
    ["0", 0],
    ["4096", 4096],
    ["1k", 1024],
    ["512M", 536870912],
    ["512 MiB", 536870912],
    ["1.5GiB", 1610612736],
    ["64mb", 67108864],
    ["64 mb", 67108864],
    [".5g", 536870912],
    ["5.", 5],
    ["1e3", 1000],
    ["1e1k", 10240],
    ["7b", 7],
  ])("reads %s", (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each(["", "M", "lots", "-1M", "1MM", "1 024", "1ib", ".", "1e30g"])("refuses %p", (text) => {
    expect(parseBytes(text)).toBeUndefined();
  });

  it.each([
    [0, "0"],
    [1000, "1000"],
    [536870912, "512M"],
    [1024, "1K"],
  ])("writes %d as %s", (bytes, text) => {
    expect(renderBytes(bytes)).toBe(text);
  });

  it("reads what it writes", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        expect(parseBytes(renderBytes(bytes))).toBe(bytes);
      }),
    );
  });
});

describe("CPUs", () => {
  it.each([
    ["0", 0],
    ["1", 1e9],
    ["0.5", 5e8],
    [".5", 5e8],
    ["5.", 5e9],
    ["1/4", 25e7],
    ["1e-1", 1e8],
    ["1.5E1", 15e9],
    ["0.000000001", 1],
  ])("reads %s", (text, billionths) => {
    expect(parseCpus(text)).toBe(billionths);
  });

  it.each(["", ".", "1/0", "1/3", "0.0000000001", "-1", "half", "1e99", "1 ", "0x1"])(
    "refuses %p",
    (text) => {
      expect(parseCpus(text)).toBeUndefined();
    },
  );
});

describe("permission bits", () => {
  it.each([
    ["0444", 0o444],
    ["444", 0o444],
    ["01777", 0o1777],
  ])("reads %s", (text, bits) => {
    expect(parseFileMode(text)).toBe(bits);
  });

  it.each(["", "8", "0o444", "rw", "44"])("refuses %p", (text) => {
    expect(parseFileMode(text)).toBeUndefined();
  });

  it("reads what it writes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0o7777 }), (bits) => {
        expect(parseFileMode(renderFileMode(bits))).toBe(bits);
      }),
    );
  });
});
