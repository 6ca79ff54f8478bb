// Copyright 2026 the pecapiku authors. MIT license.

import type { DirectoryAccess } from "./_directory_access.ts";
import type { DirectoryFiles } from "./_directory_files.ts";
import { listFiles, removeEmptyFolders, syncFolders, syncRoot } from "./_directory_folders.ts";
import { DirectoryUses } from "./_directory_uses.ts";
import { type Evicted, tooLargeMessage } from "./_eviction.ts";
import type { Compaction, Digest, Limits, Parts, PutChange, StoreChange } from "./store.ts";

/** What commits to a directory store. */
export class DirectoryWriter {
  readonly #access: DirectoryAccess;
  readonly #files: DirectoryFiles;
  readonly #now: () => number;
  /** What was touched since the last commit, in the order of the last touch. */
  readonly #touched = new Set<Digest>();
  /** Made by the first commit with limits. */
  #uses: DirectoryUses | undefined;
  /** The time that the store's directory had at the last look: if it is another one, others have committed since. */
  #mark: number | undefined;
  /** The last time that a file or the directory was given. */
  #stamp = 0;
  /** How many entries limits have removed. */
  evictions = 0;

  /**
   * Makes a writer. Nothing is read yet.
   *
   * @param access The way to the disk.
   * @param files The files.
   * @param now The clock.
   */
  constructor(access: DirectoryAccess, files: DirectoryFiles, now: () => number) {
    this.#access = access;
    this.#files = files;
    this.#now = now;
  }

  /**
   * Notes that an entry is used.
   *
   * @param digest The digest, checked.
   */
  touch(digest: Digest): void {
    // Whether it is there is looked at by the commit: here that would cost as much as the lookup that found it.
    this.#touched.delete(digest);
    this.#touched.add(digest);
  }

  /**
   * Writes what was touched, makes changes, and keeps limits: one file after another.
   *
   * @param changes The changes, checked.
   * @param limits The limits, checked.
   * @param sync Whether to wait for the medium.
   */
  commit(changes: readonly StoreChange[], limits: Limits | undefined, sync: boolean): void {
    if (changes.length === 0 && this.#touched.size === 0 && limits === undefined) return;
    const mark = this.#readMark();
    if (mark === undefined || mark !== this.#mark) this.#uses?.outdate();
    if (limits !== undefined) {
      this.#uses ??= new DirectoryUses(this.#access, this.#files);
      const lastUse = this.#uses.refresh(this.#now());
      if (lastUse !== undefined) {
        this.#see(lastUse);
        this.#mark = mark;
      }
    }
    const changed = new Set<Digest>();
    let isTouched = false;
    try {
      isTouched = this.#writeTouches();
      for (const change of changes) {
        if (this.#make(change, limits, sync)) changed.add(change.digest);
      }
      if (limits !== undefined) {
        const tooLarge = this.#uses!.evict(limits, (digest) => {
          changed.add(digest);
          this.evictions++;
        });
        if (tooLarge !== undefined) this.#noteTooLarge(tooLarge, limits);
      }
    } catch (error) {
      // What is known of the files may not be what became of them.
      this.#uses = undefined;
      throw error;
    } finally {
      if (isTouched || changed.size > 0) this.#setMark(mark);
    }
    if (!sync) return;
    syncFolders(this.#access, changed);
    if (mark === undefined) syncRoot(this.#access);
  }

  /**
   * Removes what a crash has left, and folders that hold nothing. Tells how many bytes there were before, and are now.
   */
  compact(): Compaction {
    const now = this.#now();
    const mark = this.#readMark();
    let [bytesBefore, bytesAfter] = [0, 0];
    for (const { path, isTemporary } of listFiles(this.#access)) {
      const size = this.#files.stateAt(path)?.size ?? 0;
      bytesBefore += size;
      if (!isTemporary || !this.#files.removeAbandoned(path, now)) bytesAfter += size;
    }
    removeEmptyFolders(this.#access);
    // To remove folders sets the time as well, maybe to one that others have been given before.
    if (this.#readMark() !== mark) this.#setMark(mark);
    return { bytesBefore, bytesAfter };
  }

  #writeTouches(): boolean {
    let isTouched = false;
    for (const digest of this.#touched) {
      // First, so that one that fails does not stand in the way of all later commits.
      this.#touched.delete(digest);
      if (!this.#files.setTime(digest, this.#nextStamp())) continue;
      this.#uses?.touch(digest);
      isTouched = true;
    }
    return isTouched;
  }

  /** Makes a change; tells whether it changed anything. */
  #make(change: StoreChange, limits: Limits | undefined, sync: boolean): boolean {
    if (change.type === "delete") return this.#remove(change.digest);
    const bytes = lengthOf(change.parts) + lengthOf(change.key.parts);
    if (
      bytes > (limits?.maxBytes ?? Infinity) &&
      (limits?.functionName === undefined || limits.functionName === change.functionName)
    ) {
      // Not even written: there may be no room for it.
      this.#noteTooLarge({ digest: change.digest, bytes }, limits!);
      this.evictions++;
      return this.#remove(change.digest);
    }
    this.#put(change, sync);
    return true;
  }

  #put(change: PutChange, sync: boolean): void {
    this.#files.put(change, this.#nextStamp(), sync);
    this.#uses?.put(change);
  }

  #remove(digest: Digest): boolean {
    const isRemoved = this.#files.remove(digest);
    this.#uses?.remove(digest);
    return isRemoved;
  }

  #noteTooLarge(tooLarge: NonNullable<Evicted["tooLarge"]>, limits: Limits): void {
    this.#access.note("too large", tooLargeMessage(tooLarge, limits, this.#access.root));
  }

  #readMark(): number | undefined {
    const mark = this.#files.stateAt(this.#access.root)?.time;
    if (mark !== undefined) this.#see(mark);
    return mark;
  }

  /**
   * Makes others notice that there is something new.
   *
   * @param before What the mark was when the commit began.
   */
  #setMark(before: number | undefined): void {
    const isSame = this.#readMark() === before;
    const isSet = this.#files.setRootTime(this.#nextStamp());
    // Where it was changed meanwhile, by others or by a new folder, or can't be set, the next commit goes by that.
    this.#mark = isSame && isSet ? this.#readMark() : undefined;
  }

  /** Takes in a time that a file has been given: later ones are later. */
  #see(time: number): void {
    if (time > this.#stamp) this.#stamp = time;
  }

  /** A time for a file: never the same twice, and never earlier than one before, whatever the clock does. */
  #nextStamp(): number {
    const now = Math.floor(this.#now());
    return this.#stamp = now > this.#stamp ? now : this.#stamp + 1;
  }
}

function lengthOf(parts: Parts): number {
  let length = 0;
  for (const part of parts) length += part.byteLength;
  return length;
}
