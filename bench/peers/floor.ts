// Copyright 2026 the pecapiku authors. MIT license.

import { hash } from "node:crypto";
import { decodeParts } from "../../src/codecs/decode_parts.ts";
import { encodeParts } from "../../src/codecs/encode_parts.ts";
import { structured } from "../../src/codecs/structured.ts";
import { digestCall } from "../../src/keys/digest_call.ts";
import type { Parts } from "../../src/stores/store.ts";
import type { Work } from "../_workload.ts";
import { coldCall } from "./_by_hand.ts";
import type { Memoised, Opened, Peer } from "./_peer.ts";

/** What no cache can do without: digest, one read or one write of an open file, decode or encode. */
export const peer: Peer = {
  name: "floor",
  imports: [],
  about:
    "The digest of the call, one positioned read of the encoded value from a file that is open (where it lies is known without a " +
    "look-up), and decode; or digest, encode, and one write at the end of the file. No index, no checks, no locks, nobody else.",
  makesKeys: true,
  without: {
    flipped: "it checks nothing",
    crowd: "it has nothing that keeps processes apart",
    import: "it imports nothing",
  },
  open: (directory) => open(`${directory}/floor.bin`),
  coldScript: (directory) =>
    coldCall(`
const path = ${JSON.stringify(`${directory}/cold.bin`)};
try {
  const file = Deno.openSync(path);
  const bytes = new Uint8Array(128);
  file.seekSync(0, 0);
  const length = file.readSync(bytes);
  value = JSON.parse(new TextDecoder().decode(bytes.subarray(0, length)));
} catch {
  value = evaluate();
  Deno.writeTextFileSync(path, JSON.stringify(value));
}
`),
};

/** Where the parts of values are in the file, by the argument. */
type Places = Map<unknown, readonly { readonly offset: number; readonly length: number }[]>;

function open(path: string): Opened {
  const file = Deno.openSync(path, { read: true, write: true, create: true });
  let end = file.seekSync(0, Deno.SeekMode.End);
  return {
    memoise(work: Work): Memoised {
      const { name } = work;
      const evaluate = work as (...args: unknown[]) => unknown;
      // The large argument, which is no number, is the only one of its function.
      const places: Places = new Map();
      const placeOf = (args: readonly unknown[]): unknown =>
        typeof args[0] === "number" ? args[0] : 0;
      const append = (args: readonly unknown[]): unknown => {
        const value = evaluate(...args);
        const parts = encodeParts(structured, value);
        file.seekSync(end, Deno.SeekMode.Start);
        places.set(
          placeOf(args),
          parts.map((part) => {
            const place = { offset: end, length: part.byteLength };
            for (let done = 0; done < part.byteLength;) done += file.writeSync(part.subarray(done));
            end += part.byteLength;
            return place;
          }),
        );
        return value;
      };
      return {
        call(...args) {
          const [argument] = args;
          if (ArrayBuffer.isView(argument)) hash("sha256", argument as Float64Array);
          else digestCall({ name, args });
          const place = places.get(placeOf(args));
          if (place === undefined) return append(args);
          const parts = place.map(({ offset, length }) => {
            const bytes = new Uint8Array(length);
            file.seekSync(offset, Deno.SeekMode.Start);
            for (let done = 0; done < length;) done += file.readSync(bytes.subarray(done))!;
            return bytes;
          });
          return decodeParts(structured, parts as unknown as Parts);
        },
        rerun: (...args) => append(args),
        fill(calls) {
          for (const args of calls) append(args);
        },
      };
    },
    close: () => file.close(),
  };
}
