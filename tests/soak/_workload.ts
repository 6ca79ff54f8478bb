// Copyright 2026 the pecapiku authors. MIT license.

import { BusyError } from "../../src/stores/_temporary_file.ts";
import type { PutChange, Store, StoreChange, StoredValue } from "../../src/stores/store.ts";
import { put, randomNumbers, remove } from "../stores/_changes.ts";

/** How many entries an owner has at the most, but for its twins and its mark. */
const MOST_NUMBERS = 150;

/** Two entries that are written in the same batch only. */
const TWINS = [900, 901] as const;

/** The entry that is written between the lives of an owner's processes. */
const MARK = 999;

const OWNER_SPAN = 1000;

/** More than a commit writes together, so that a large part is a write of its own. */
const LARGE_LENGTH = 70_000;

const WRITTEN_SINCE = 1_700_000_000_000;

/** Puts an entry; all that it consists of follows from these numbers. */
export interface WorkPut {
  readonly type: "put";
  readonly number: number;
  /** Higher for each later put of an owner. */
  readonly version: number;
  /** How many large parts the value has. */
  readonly largeParts: number;
  /** Whether it is of the owner's function, whose entries may be limited in number. */
  readonly grouped: boolean;
}

interface WorkDelete {
  readonly type: "delete";
  readonly number: number;
}

/** One thing that a process does with a store: a commit, or a compaction. */
export interface Step {
  readonly type: "commit" | "compact";
  /** The entries that are touched before. */
  readonly touches: readonly number[];
  readonly changes: readonly (WorkPut | WorkDelete)[];
  /** How many entries of the owner's function may stay. */
  readonly maxEntries: number | undefined;
  readonly sync: boolean;
}

/** What makes the steps of a process: the same for the same numbers. */
export interface WorkPlan {
  readonly seed: number;
  /** Who does it. Each owner has entries of its own, so that it is known what they are, whoever else works in the file. */
  readonly owner: number;
  /** Which life of the owner's process this is; less than 40,000. */
  readonly life: number;
  /** The share of steps that are compactions. */
  readonly compactions: number;
}

/**
 * The steps of a process. They do not depend on what is in the file, so that whoever knows how many were done knows all.
 *
 * @param plan What makes them.
 * @returns A generator without end.
 */
export function* makeSteps(plan: WorkPlan): Generator<Step, never, void> {
  const { seed, owner, life } = plan;
  const random = randomNumbers(seed * 1_000_003 + owner * 40_009 + life);
  const pick = (count: number) => Math.floor(random() * count);
  let version = life * 100_000;

  const makePut = (local: number, largeParts = 0): WorkPut => ({
    type: "put",
    number: owner * OWNER_SPAN + local,
    version: ++version,
    largeParts,
    grouped: local < MOST_NUMBERS && pick(2) === 0,
  });
  const anyNumber = () => owner * OWNER_SPAN + pick(MOST_NUMBERS);
  const anyChange = () =>
    pick(4) === 0
      ? { type: "delete", number: anyNumber() } as const
      : makePut(pick(MOST_NUMBERS), pick(12) === 0 ? 1 + pick(2) : 0);

  for (;;) {
    const isCompaction = random() < plan.compactions;
    const kind = pick(20);
    const changes = isCompaction
      ? []
      : kind < 11
      ? [makePut(pick(MOST_NUMBERS))]
      : kind < 13
      ? [{ type: "delete", number: anyNumber() } as const]
      : kind === 13
      ? [makePut(pick(MOST_NUMBERS), 1 + pick(3))]
      : kind === 14
      ? makeTwins(makePut, pick(3) === 0 ? [makePut(pick(MOST_NUMBERS), 1)] : [])
      : kind < 18
      ? Array.from({ length: 2 + pick(10) }, anyChange)
      : kind === 18
      ? [anyChange()]
      : [];
    const isLimited = !isCompaction && kind >= 17;
    yield {
      type: isCompaction ? "compact" : "commit",
      touches: isLimited ? Array.from({ length: pick(6) }, anyNumber) : [],
      changes,
      maxEntries: isLimited ? 20 + pick(30) : undefined,
      sync: pick(50) === 0,
    };
  }
}

function makeTwins(makePut: (local: number) => WorkPut, between: WorkPut[]): WorkPut[] {
  const [first, second] = [makePut(TWINS[0]), makePut(TWINS[1])];
  return [first, ...between, { ...second, version: first.version }];
}

/**
 * The step that the one who looks after an owner's process takes between its lives.
 *
 * @param owner The owner.
 * @param life The life that is over.
 * @returns The step.
 */
export function markStep(owner: number, life: number): Step {
  const number = owner * OWNER_SPAN + MARK;
  const change = { type: "put", number, version: life, largeParts: 0, grouped: false } as const;
  return { type: "commit", touches: [], changes: [change], maxEntries: undefined, sync: false };
}

/** Who an entry belongs to. */
export function ownerOf(number: number): number {
  return Math.floor(number / OWNER_SPAN);
}

/** Some entry of an owner, for a reader to look at; often the first of its twins. */
export function anyNumberOf(owner: number, random: () => number): number {
  return owner * OWNER_SPAN + (random() < 0.3 ? TWINS[0] : Math.floor(random() * MOST_NUMBERS));
}

/** The entry that is never older than this one, for whoever reads it later; `undefined` if there is none. */
export function twinOf(number: number): number | undefined {
  return number % OWNER_SPAN === TWINS[0] ? number + TWINS[1] - TWINS[0] : undefined;
}

/** The change that a store is given. */
export function changeOf(change: WorkPut): PutChange {
  const { number, version, grouped } = change;
  return put(number, valueParts(change), {
    codec: version % 5 === 0 ? "my codec" : "structured",
    functionName: grouped ? functionOf(ownerOf(number)) : "",
    writtenAt: WRITTEN_SINCE + version,
    duration: version % 7,
    promised: version % 2 === 0,
  });
}

/**
 * Takes a step with a store.
 *
 * @param store The store.
 * @param owner Whose step it is.
 * @param step The step.
 */
export function takeStep(store: Store, owner: number, step: Step): void {
  if (step.type === "compact") return compact(store);
  for (const number of step.touches) store.touch(remove(number).digest);
  const changes: StoreChange[] = step.changes.map((change) =>
    change.type === "put" ? changeOf(change) : remove(change.number)
  );
  store.commit(changes, {
    ...step.maxEntries === undefined
      ? {}
      : { limits: { functionName: functionOf(owner), maxEntries: step.maxEntries } },
    sync: step.sync ? "commit" : "none",
  });
}

function compact(store: Store): void {
  try {
    store.compact?.();
  } catch (error) {
    // Another process is at it.
    if (!(error instanceof BusyError)) throw error;
  }
}

function functionOf(owner: number): string {
  return `work of ${owner}`;
}

function valueParts({ number, version, largeParts }: WorkPut): [Uint8Array, ...Uint8Array[]] {
  const words = new Uint32Array(32);
  for (let at = 0; at < words.length; at++) words[at] = [number, version, largeParts][at % 3]!;
  const front = new Uint8Array(words.buffer, 0, 12 + version % 100);
  const large = Array.from(
    { length: largeParts },
    (_, index) => new Uint8Array(LARGE_LENGTH + index).fill(version + index),
  );
  return [front, ...large];
}

/**
 * Reads the version off a value, once all of it is seen to be right.
 *
 * @param number The entry that it was found under.
 * @param value What was found.
 * @returns The version.
 * @throws {Error} If it is not a value of this entry.
 */
export function versionIn(number: number, value: StoredValue): number {
  const [front] = value.parts;
  const view = new DataView(front.buffer, front.byteOffset, front.byteLength);
  const [named, version, largeParts] = front.byteLength < 12
    ? []
    : [0, 4, 8].map((at) => view.getUint32(at, true));
  if (named !== number || largeParts! > 10) throw new Error(`Wrong value under ${number}`);
  const change = { type: "put", number, version: version!, largeParts: largeParts! } as const;
  // The group is not part of a value.
  const expected = changeOf({ ...change, grouped: false });
  if (
    value.codec !== expected.codec || value.promised !== expected.promised ||
    value.writtenAt !== expected.writtenAt || !areEqual(value.parts, expected.parts)
  ) throw new Error(`Damaged value under ${number}, version ${version}`);
  return version!;
}

function areEqual(some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  return some.length === others.length && some.every((part, index) => {
    const other = others[index]!;
    if (part.length !== other.length) return false;
    for (let at = 0; at < part.length; at++) if (part[at] !== other[at]) return false;
    return true;
  });
}
