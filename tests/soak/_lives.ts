// Copyright 2026 the pecapiku authors. MIT license.

import { assert, assertEquals } from "@std/assert";
import { LogStore } from "../../src/stores/log_store.ts";
import type { ChildPlan } from "../stores/_child_work.ts";
import { childCommand } from "../stores/_child.ts";
import { namesIn } from "../stores/_temporary.ts";
import { withWarnings } from "../stores/_warnings.ts";
import { WorkModel } from "./_work_model.ts";
import { makeSteps, markStep, takeStep } from "./_workload.ts";

const PERMISSIONS = ["--allow-read", "--allow-write", "--allow-run"];

/** How long a process may go without a step, in milliseconds. */
const PATIENCE = 90_000;

const NAME = "a.cache";

/** How the life of a process is to end. */
export interface Death {
  /** After how many acknowledged steps it is killed. */
  readonly steps: number;
  /** How many milliseconds later. */
  readonly delay: number;
}

/** What became of a life. */
export interface Life {
  /** How many steps it told to have taken. */
  readonly acknowledged: number;
  /** Whether one more is in the file. */
  readonly isAhead: boolean;
}

/**
 * Waits for all of several tasks, also when one has failed: the others may have processes at work.
 *
 * @param tasks The tasks.
 * @throws {unknown} What the first one that failed threw.
 */
export async function allOf(tasks: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(tasks);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

/** A cache file in a directory of its own, in which processes work until they are killed. */
export class Workplace {
  readonly path: string;
  readonly #directory: string;
  /** What each owner's entries are, and who was used when, as far as that is known: one of these. */
  readonly #models = new Map<number, WorkModel[]>();
  /** How many writes were cut. */
  cuts = 0;
  /** How often a process left more beside the file, which the next commit has to remove. */
  leftovers = 0;

  /**
   * Makes a workplace.
   *
   * @param directory Where; it is created.
   */
  constructor(directory: string) {
    Deno.mkdirSync(directory);
    this.#directory = directory;
    this.path = `${directory}/${NAME}`;
  }

  /**
   * Lets a process work until it is killed, and checks that what it told to have done is in the file: all of it, in order, and
   * no more than the one step that it may not have got round to tell of, whole or not at all.
   *
   * @param plan What the process does.
   * @param death How it ends, unless it has done so by itself.
   * @returns What became of it.
   */
  async live(plan: Omit<ChildPlan, "path">, death: Death): Promise<Life> {
    const { owner, life } = plan;
    const acknowledged = await runUntilDeath({ ...plan, path: this.path }, death);
    if (namesIn(this.#directory).some((name) => !isCut(name) && name !== NAME)) this.leftovers++;

    const where = `owner ${owner}, life ${life}, ${acknowledged} steps`;
    const models = this.#models.get(owner) ?? [new WorkModel()];
    const steps = makeSteps(plan);
    for (let count = 0; count < acknowledged; count++) {
      const step = steps.next().value;
      for (const model of models) model.apply(step);
    }
    const oneMore = models.map((model) => model.clone());
    const step = steps.next().value;
    for (const model of oneMore) model.apply(step);

    const store = new LogStore(this.path);
    const { result, warnings } = withWarnings(() => [
      this.#matching(models, store, owner),
      this.#matching(oneMore, store, owner),
    ]);
    assertEquals(warnings, [], where);
    const [matching, ahead] = result as [WorkModel[], WorkModel[]];
    if (matching.length + ahead.length === 0) {
      const [difference, other] = [models, oneMore].map(([model]) =>
        model!.differenceFrom(store, owner)
      );
      throw new Error(`${where}: ${difference}; or, with one more: ${other}`);
    }
    // Where one more step changes nothing that can be seen, it may have changed who was used when.
    this.#goOn(store, owner, life, withoutTwice([...matching, ...ahead]), where);
    return { acknowledged, isAhead: matching.length === 0 };
  }

  /** Checks that nothing is beside the file but what writes were cut off, which is removed, when nobody is at work. */
  tidy(): void {
    const names = namesIn(this.#directory).filter((name) => name !== NAME);
    const cuts = names.filter(isCut);
    assertEquals(names, cuts, "left beside the file");
    this.cuts += cuts.length;
    for (const name of cuts) Deno.removeSync(`${this.#directory}/${name}`);
  }

  /** Removes all. */
  remove(): void {
    Deno.removeSync(this.#directory, { recursive: true });
  }

  /** Commits, as the next process would, and looks again, with the same eyes and with fresh ones. */
  #goOn(store: LogStore, owner: number, life: number, models: WorkModel[], where: string): void {
    const { warnings } = withWarnings(() => {
      const step = markStep(owner, life);
      takeStep(store, owner, step);
      for (const model of models) model.apply(step);
      for (const each of [store, new LogStore(this.path)]) {
        // They differ in what can't be seen.
        const difference = models[0]!.differenceFrom(each, owner);
        assert(difference === undefined, `${where}, after the next commit: ${difference}`);
        each.close();
      }
    });
    assertMovesOnly(warnings);
    this.#models.set(owner, models);
  }

  #matching(models: readonly WorkModel[], store: LogStore, owner: number): WorkModel[] {
    return models.filter((model) => model.differenceFrom(store, owner) === undefined);
  }
}

function withoutTwice(models: readonly WorkModel[]): WorkModel[] {
  return [...new Map(models.map((model) => [model.useOrder(), model])).values()];
}

function isCut(name: string): boolean {
  return name.startsWith(`${NAME}.damaged-`);
}

async function runUntilDeath(plan: ChildPlan, { steps, delay }: Death): Promise<number> {
  const child = childCommand("_child_work.ts", PERMISSIONS, [JSON.stringify(plan)]).spawn();
  const errors = child.stderr.text();
  let acknowledged = 0;
  let isStuck = false;
  let isDying = false;
  const giveUp = () => {
    isStuck = true;
    kill(child);
  };
  let timer = setTimeout(giveUp, PATIENCE);
  for await (const bytes of child.stdout) {
    for (const byte of bytes) if (byte === 10) acknowledged++;
    if (isDying) continue;
    isDying = acknowledged >= steps;
    clearTimeout(timer);
    timer = isDying ? setTimeout(() => kill(child), delay) : setTimeout(giveUp, PATIENCE);
  }
  clearTimeout(timer);
  const { signal } = await child.status;
  const said = await errors;
  assertEquals(signal, "SIGKILL", said);
  assertMovesOnly(said.split("\n"));
  assert(!isStuck, `no step in ${PATIENCE} ms after ${acknowledged}`);
  return acknowledged;
}

/** Checks that nothing was said but that what a killed process has half-written is set aside. */
function assertMovesOnly(warnings: readonly string[]): void {
  for (const warning of warnings) {
    assert(warning === "" || warning.includes("at the end are moved to"), warnings.join("\n"));
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    // It has killed itself a moment ago.
    if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
  }
}
