// Copyright 2026 the pecapiku authors. MIT license.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { CacheDict, type Compression } from "@pecapiku/cache";
import { STORES } from "./_stores.ts";
import { sizeOf } from "./_size_of.ts";

const chunk = fc.oneof(
  fc.jsonValue(),
  fc.constant(undefined),
  fc.bigInt(),
  fc.date(),
  fc.uint8Array(),
  fc.string({ minLength: 1024, maxLength: 3000 }),
);

const plans = fc.record({
  chunks: fc.array(chunk, { maxLength: 12 }),
  returned: fc.option(chunk, { nil: undefined }),
  compress: fc.constantFrom<false | Compression>(false, "gzip", "deflate"),
  /** After how many chunks each of the first consumers leaves. */
  leaves: fc.array(fc.nat(12), { maxLength: 3 }),
});

for (const kind of STORES) {
  Deno.test(`a cached generator gives at a replay what the function gave when in a ${kind.name}`, () => {
    fc.assert(
      fc.property(plans, ({ chunks, returned, compress, leaves }) => {
        const open = kind.make();
        let runs = 0;
        const make = () =>
          CacheDict.decorate(function* f() {
            runs++;
            yield* chunks;
            return returned;
          }, { store: open(), compress });
        let expected = 0;
        for (const length of leaves) {
          expected++;
          const f = make();
          const generator = f();
          const steps = [];
          for (let i = 0; i <= length; i++) steps.push(generator.next());
          generator.return(undefined);
          assertEquals(steps, stepsOf(chunks, returned).slice(0, length + 1).concat(rest(length)));
          if (length < chunks.length) {
            assertEquals([f.has(), sizeOf(open())], [false, 0]);
            continue;
          }
          break;
        }
        if (runs === 0 || !make().has()) expected++;
        for (let i = 0; i < 2; i++) {
          const generator = make()();
          const steps = stepsOf(chunks, returned).map(() => generator.next());
          assertEquals(steps, stepsOf(chunks, returned));
        }
        assertEquals(runs, expected);
        assertEquals(sizeOf(open()), chunks.length + (returned === undefined ? 1 : 2));

        function rest(length: number): IteratorResult<unknown, unknown>[] {
          const count = Math.max(0, length - chunks.length);
          return Array.from({ length: count }, () => ({ done: true, value: undefined }));
        }
      }),
      { numRuns: kind.runsOf100 / 4 },
    );
  });
}

function stepsOf(chunks: unknown[], returned: unknown): IteratorResult<unknown, unknown>[] {
  const steps = chunks.map((value) => ({ done: false, value }));
  return [...steps, { done: true, value: returned }];
}
