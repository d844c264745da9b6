import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import type { Disk } from "./reading";

/** Nothing that a stack is made of comes near: Docker takes configs up to 1000 KB. */
const mostBytes = 16 * 1024 * 1024;

/** The files of this machine; paths start from the working folder. */
export const thisDisk: Disk = {
  home: process.env.HOME ?? homedir(),
  read: (path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return undefined;
    if (found.isDirectory()) throw new Error("it is a folder");
    // A pipe or a device may never come to its end.
    if (!found.isFile()) throw new Error("it is no ordinary file");
    if (found.size > mostBytes)
      throw new Error(`it has ${found.size} bytes, more than ${mostBytes}`);
    return readFileSync(path);
  },
};
