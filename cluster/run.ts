/** Something that each run has one of. */
export interface Slot<T> {
  /** Makes it when it is asked for first. */
  readonly make: () => T;
}

/** What the resources of one run share, from its configuration to its end: each noun declares its own slot. */
export class Run {
  private readonly values = new Map<Slot<unknown>, unknown>();

  /** This run's own. */
  get<T>(slot: Slot<T>): T {
    if (!this.values.has(slot)) this.values.set(slot, slot.make());
    return this.values.get(slot) as T;
  }
}
