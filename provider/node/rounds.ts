import { Mutex } from "async-mutex";
import type { Slot } from "../../cluster/run";
import type { Finding } from "../../hosts/network-finding";
import { tryNetwork, type Attempt, type Peer } from "../../hosts/network-trial";

/** Those who are tried together. */
interface Round {
  readonly joining: Map<string, Peer>;
  readonly members: Map<string, Peer>;
  readonly findings: Promise<readonly Finding[]>;
}

/**
 * Nodes that join in one run are tried in rounds, because a machine can answer in one trial at a time: all who wait when
 * one begins take part in it, with the nodes of the swarm and those who were let through by an earlier one. So each pair is
 * tried before both are nodes, and once.
 */
export class Rounds {
  private readonly turn = new Mutex();
  /** Had nothing in their way. */
  private readonly through = new Map<string, Peer>();
  /** All that have asked to be tried. */
  private readonly seen = new Map<string, Peer>();
  private next: Round | undefined;
  private isEspNeeded = false;
  /** Let through and not in the swarm yet: their engines answer in a moment. */
  private readonly entering = new Map<string, () => void>();
  private entered: Promise<unknown>[] = [];

  /** Says of one that was let through whether it is in the swarm now; if not, others are not tried with it. */
  hasEntered(host: string, isIn: boolean): void {
    if (!isIn) this.through.delete(host);
    this.entering.get(host)?.();
    this.entering.delete(host);
  }

  /**
   * From now on ESP is needed: a network is about to be made that encrypts.
   *
   * @returns those for whom it may not have been tried yet, as they began to join before
   */
  needEsp(): readonly Peer[] {
    this.isEspNeeded = true;
    return [...this.seen.values()];
  }

  /** Waits for the next round and answers with what concerns the one that joins. */
  async take(
    joining: Peer,
    members: readonly Peer[],
    attempt: Pick<Attempt, "dataPathPort" | "esp">,
  ): Promise<Finding[]> {
    const round = (this.next ??= this.open(attempt));
    round.joining.set(joining.host, joining);
    this.seen.set(joining.host, joining);
    for (const member of members) round.members.set(member.host, member);
    return concerning(joining.host, await round.findings);
  }

  private open(attempt: Pick<Attempt, "dataPathPort" | "esp">): Round {
    const [joining, members] = [new Map<string, Peer>(), new Map<string, Peer>()];
    const findings = this.turn.runExclusive(async () => {
      await Promise.all(this.entered);
      this.entered = [];
      this.next = undefined;
      const peers = new Map([...members, ...this.through, ...joining]);
      const isNew = ({ host }: Peer): boolean => joining.has(host);
      const isMeant = (from: Peer, to: Peer): boolean => isNew(from) || isNew(to);
      const trial = await tryNetwork([...peers.values()], {
        ...attempt,
        ...(this.isEspNeeded ? { esp: "needed" } : {}),
        isMeant,
      });
      for (const [host, peer] of joining)
        if (!concerning(host, trial.findings).some(({ isBlocked }) => isBlocked))
          this.letThrough(host, peer);
      return trial.findings;
    });
    return { joining, members, findings };
  }

  private letThrough(host: string, peer: Peer): void {
    this.through.set(host, { ...peer, isNode: true });
    this.entered.push(new Promise<void>((resolve) => this.entering.set(host, resolve)));
  }
}

/** What is not known of a machine concerns all who were to be tried with it. */
function concerning(host: string, findings: readonly Finding[]): Finding[] {
  return findings.filter(({ hosts }) => hosts.length === 1 || hosts.includes(host));
}

/** The rounds of a run. */
export const rounds: Slot<Rounds> = { make: () => new Rounds() };
