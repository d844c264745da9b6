import type { Target } from "../hosts/target";
import type { Configuration } from "./configuration";

/**
 * What is asked of a lab by those who work with its machines. The lab itself is handed in: it is of use in this
 * project's own folder alone, and whoever has machines of their own need not have it.
 */
export interface LabAccess {
  readonly plan: {
    /** Known before the machine exists. */
    addressOf(host: string): string;
  };
  /** URL of its package repository, in the place of Docker's. */
  readonly repository: string;
  /** URL of its image registry, for `registry-mirrors` of a daemon.json. */
  readonly registryMirror: string;
  readonly services: {
    /** Makes an image that the lab's registry has only once it is asked for. */
    provide(image: string, progress: (line: string) => void, signal?: AbortSignal): Promise<void>;
  };
  /** Rejects while the machine was never made. */
  target(host: string): Promise<Target>;
  machine(host: string): { state(): Promise<"running" | "stopped" | "absent"> };
  /** What stands against booting that much memory. */
  problems(memoryMiB: number): Promise<string[]>;
  /** Which packages of an image are newer than what the lab was proven with, as a sentence; undefined when none are. */
  newerThanProven(image: string): Promise<string | undefined>;
  /** Does something that the machines' packages can make fail; the error then says which are newer than proven. */
  explained<T>(act: () => Promise<T>): Promise<T>;
}

/** Opens the lab of a configuration; touches nothing. */
export type OpenLab = (
  lab: NonNullable<Configuration["lab"]>,
  hosts: readonly string[],
) => LabAccess;
