// Copyright 2026 the pecapiku authors. MIT license.

/** The least that a medium writes as a whole, in bytes. */
const SECTOR = 512;

/** One thing that the medium may or may not have got when the power is cut. */
interface Step<F> {
  /** The file it is about; `undefined` for a name. */
  readonly file: F | undefined;
  readonly apply: () => void;
}

/** What of a disk is on the medium, and what is on its way there. */
export class Medium<F extends object> {
  readonly #contents = new Map<F, Uint8Array<ArrayBuffer>>();
  readonly #names = new Map<string, F>();
  #steps: Step<F>[] = [];

  /** Notes that a path leads to a file by now; without one, to none. */
  name(path: string, file: F | undefined, from?: string): void {
    const apply = () => {
      if (from !== undefined) this.#names.delete(from);
      if (file === undefined) this.#names.delete(path);
      else this.#names.set(path, file);
    };
    this.#steps.push({ file: undefined, apply });
  }

  /** Notes that bytes were written to a file. */
  write(file: F, at: number, bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length;) {
      const length = Math.min(SECTOR - (at + from) % SECTOR, bytes.length - from);
      const piece = bytes.slice(from, from + length);
      const pieceAt = at + from;
      from += length;
      this.#steps.push({
        file,
        apply: () => this.#contents.set(file, this.#with(file, pieceAt, piece)),
      });
    }
  }

  /** Notes that a file was cut off. */
  truncate(file: F, length: number): void {
    const apply = () => this.#contents.set(file, this.#contentsOf(file).slice(0, length));
    this.#steps.push({ file, apply });
  }

  /** Has all of a file on the medium. */
  sync(file: F): void {
    this.#settle((step) => step.file === file);
  }

  /** Has all names on the medium. */
  syncNames(): void {
    this.#settle((step) => step.file === undefined);
  }

  /**
   * Cuts the power.
   *
   * @param survives Tells of each step that was on its way, in order, whether the medium got it.
   * @returns What the disk holds then.
   */
  cut(survives: () => boolean): Map<string, Uint8Array<ArrayBuffer>> {
    for (const { apply } of this.#steps) if (survives()) apply();
    this.#steps = [];
    return new Map([...this.#names].map(([path, file]) => [path, this.#contentsOf(file).slice()]));
  }

  /** How many steps are on their way. */
  get pending(): number {
    return this.#steps.length;
  }

  #settle(isMeant: (step: Step<F>) => boolean): void {
    for (const step of this.#steps) if (isMeant(step)) step.apply();
    this.#steps = this.#steps.filter((step) => !isMeant(step));
  }

  #contentsOf(file: F): Uint8Array<ArrayBuffer> {
    return this.#contents.get(file) ?? new Uint8Array();
  }

  #with(file: F, at: number, piece: Uint8Array): Uint8Array<ArrayBuffer> {
    const before = this.#contentsOf(file);
    // What is skipped is zeros.
    const bytes = new Uint8Array(Math.max(before.length, at + piece.length));
    bytes.set(before);
    bytes.set(piece, at);
    return bytes;
  }
}
