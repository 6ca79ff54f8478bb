// Copyright 2026 the pecapiku authors. MIT license.

import type { Command, RedisClient } from "./_redis_client.ts";
import { encodeEntry, HEAD_LENGTH, MOST_CHUNKS, newGeneration } from "./_redis_entry.ts";
import type { StoreChange } from "./store.ts";

/** For how long parts of an entry are kept that is being written, in milliseconds: the rest has to come until then. */
const WRITING_TIME = 10 * 60_000;

/** The longest time to live that is told to the server, in milliseconds: some 3,000 years. What is longer is none. */
const LONGEST_LIFE = 1e14;

// Removes the other keys of the entry that is in the first key, if there is one: all in one step with what follows in the
// transaction. What the bytes mean is in docs/format.md.
const REMOVE_CHUNKS = `
local head = redis.pcall('GETRANGE', KEYS[1], 0, ${HEAD_LENGTH - 1})
if type(head) ~= 'string' or #head ~= ${HEAD_LENGTH} or string.sub(head, 1, 6) ~= '\\241pckr\\1' then
  return 0
end
local a, b, c, d = string.byte(head, 9, 12)
local count = a + 256 * (b + 256 * (c + 256 * d))
if count > ${MOST_CHUNKS} then return 0 end
local name = KEYS[1] .. ':' .. string.gsub(string.sub(head, 21, 28), '.', function(char)
  return string.format('%02x', string.byte(char))
end) .. ':'
for index = 0, count - 1 do redis.call('UNLINK', name .. index) end
return count`;

/** What makes one change. */
export interface Step {
  /** The first key of the entry. */
  readonly key: string;
  /** What is written before the entry appears. */
  readonly before: readonly Command[];
  /** What makes it appear, or disappear, in one step. */
  readonly commands: readonly Command[];
}

/**
 * Tells how a change is made.
 *
 * @param change The change. Its bytes are copied.
 * @param key The first key of the entry.
 * @param life For how long the entry is kept, in milliseconds.
 * @returns What to do.
 */
export function stepOf(change: StoreChange, key: string, life: number): Step {
  const commands: Command[] = [["EVAL", REMOVE_CHUNKS, "1", key]];
  if (change.type === "delete") {
    commands.push(["UNLINK", key]);
    return { key, before: [], commands };
  }
  const { head, chunks, generation } = encodeEntry(change, newGeneration());
  const expires = life <= LONGEST_LIFE;
  const milliseconds = String(Math.ceil(life));
  commands.push(expires ? ["SET", key, head, "PX", milliseconds] : ["SET", key, head]);
  const before = chunks.map((bytes, index): Command => {
    const name = `${key}:${generation}:${index}`;
    commands.push(expires ? ["PEXPIRE", name, milliseconds] : ["PERSIST", name]);
    return ["SET", name, bytes, "PX", String(WRITING_TIME)];
  });
  return { key, before, commands };
}

/**
 * Makes changes: all in one step by a single server; in a cluster, those of each entry.
 *
 * @param client The client.
 * @param steps How the changes are made, in order.
 */
export async function takeSteps(client: RedisClient, steps: readonly Step[]): Promise<void> {
  await Promise.all(
    steps.flatMap(({ key, before }) => before.map((command) => client.send(key, command))),
  );
  if (client.isCluster) {
    const byKey = Map.groupBy(steps, ({ key }) => key);
    await Promise.all(
      [...byKey].map(([key, group]) =>
        client.transact(key, group.flatMap(({ commands }) => commands))
      ),
    );
  } else {
    await client.transact("", steps.flatMap(({ commands }) => commands));
  }
}
