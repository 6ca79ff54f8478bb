// Copyright 2026 the pecapiku authors. MIT license.

import type { Effort } from "./_rounds.ts";
import { messageOf } from "./_rounds.ts";
import { PeerProcess } from "./_process.ts";
import type { Cell } from "./_row.ts";
import type { NamedPeer } from "./peers/_all.ts";

/** A run of the benchmark: who takes part, and how much is done. */
export class Run {
  /** Who takes part. */
  readonly peers: readonly NamedPeer[];
  /** Whether it is only to have a look. */
  readonly quick: boolean;
  readonly #directory: string;
  #directories = 0;

  /**
   * Begins a run.
   *
   * @param peers Who takes part.
   * @param directory A directory for all that is written.
   * @param quick Whether it is only to have a look.
   */
  constructor(peers: readonly NamedPeer[], directory: string, quick: boolean) {
    this.peers = peers;
    this.quick = quick;
    this.#directory = directory;
  }

  /** Makes a directory. */
  makeDirectory(): string {
    const path = `${this.#directory}/${this.#directories++}`;
    Deno.mkdirSync(path);
    return path;
  }

  /** How much is measured of what takes microseconds, or milliseconds, and can be done so often in a row at the most. */
  effort(most = Infinity): Effort {
    return this.quick
      ? { rounds: 3, part: 10, warmUp: 40, most, long: 60 }
      : { rounds: 11, part: 60, warmUp: 400, most, long: 1_500 };
  }

  /** How much is measured of what is done once in a round: a process, or a call that takes long. */
  get onceARound(): Effort {
    return this.quick
      ? { rounds: 2, part: 0, warmUp: 1, most: 1, long: 500 }
      : { rounds: 15, part: 0, warmUp: 1, most: 1, long: 1_500 };
  }

  /**
   * Tells who has a row.
   *
   * @param row The name of the row.
   * @param cells Where to note why others have not.
   * @returns Those who have it.
   */
  withRow(row: string, cells: Map<string, Cell>): NamedPeer[] {
    return this.peers.filter(({ peer }) => {
      const reason = peer.without?.[row];
      if (reason !== undefined) cells.set(peer.name, { note: reason });
      return reason === undefined;
    });
  }

  /**
   * Starts processes, and opens each peer in a directory of its own. Who can't has a note.
   *
   * @param peers Who.
   * @param cells Where to note who can't.
   * @returns Those who could.
   */
  async open(peers: readonly NamedPeer[], cells: Map<string, Cell>): Promise<Place[]> {
    const places: Place[] = [];
    for (const named of peers) {
      const process = new PeerProcess(named);
      const directory = this.makeDirectory();
      try {
        await process.tell("open", { directory });
        places.push({ name: named.peer.name, named, process, directory });
      } catch (error) {
        console.log(`Cannot load: ${named.peer.name}: ${messageOf(error)}`);
        cells.set(named.peer.name, { note: messageOf(error) });
        await process[Symbol.asyncDispose]();
      }
    }
    return places;
  }

  /**
   * Does something for each, at each place in turn. Who fails is left out from then on, with a note.
   *
   * @param places Where.
   * @param cells Where to note who fails.
   * @param step What to do.
   * @returns Those who did not fail.
   */
  async each(
    places: readonly Place[],
    cells: Map<string, Cell>,
    step: (place: Place) => Promise<unknown>,
  ): Promise<Place[]> {
    const left: Place[] = [];
    for (const place of places) {
      try {
        await step(place);
        left.push(place);
      } catch (error) {
        cells.set(place.name, { note: messageOf(error) });
        await this.leave([place]);
      }
    }
    return left;
  }

  /** Ends processes, and removes what they have written. */
  async leave(places: readonly Place[]): Promise<void> {
    for (const { process, directory } of places) {
      await process[Symbol.asyncDispose]();
      await Deno.remove(directory, { recursive: true });
    }
  }
}

/** A peer in its process, and where it is open. */
export interface Place {
  /** What it is called in the table. */
  readonly name: string;
  readonly named: NamedPeer;
  readonly process: PeerProcess;
  readonly directory: string;
}
