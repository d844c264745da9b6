import fc from "fast-check";
import {
  parseBytes,
  parseDuration,
  parseFileMode,
  renderBytes,
  renderDuration,
  renderFileMode,
} from "../../../provider/fields/units";

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
    ["7ns", 7],
  ])("reads %s", (text, nanoseconds) => {
    expect(parseDuration(text)).toBe(nanoseconds);
  });

  it.each(["", "5", "5 s", "1d", "s", "-1s", "1m30", "5 minutes"])("refuses %p", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

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
  ])("reads %s", (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each(["", "M", "lots", "-1M", "1MM", "1 024"])("refuses %p", (text) => {
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
