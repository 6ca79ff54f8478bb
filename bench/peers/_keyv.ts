// Copyright 2026 the pecapiku authors. MIT license.

import { byHand, decode, encode, together } from "./_by_hand.ts";
import { load, type Opened } from "./_peer.ts";

/** The version of Keyv itself. */
export const KEYV = "npm:keyv@6.1.0";

interface Keyv {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<boolean>;
  setMany(entries: { key: string; value: unknown }[]): Promise<unknown>;
  disconnect(): Promise<void>;
}

interface KeyvModule {
  Keyv: new (options: { store: unknown; throwOnErrors: boolean }) => Keyv;
}

/**
 * Memoises functions through Keyv.
 *
 * @param store Its storage adapter.
 * @param options Whether the adapter stores many entries at once faster than by as many calls.
 * @returns What memoises functions.
 */
export async function throughKeyv(
  store: unknown,
  { takesMany }: { takesMany: boolean },
): Promise<Opened> {
  const { Keyv } = await load<KeyvModule>(KEYV);
  const keyv = new Keyv({ store, throwOnErrors: true });
  return byHand({
    async get(key) {
      const value = await keyv.get(key);
      return value instanceof Uint8Array ? decode(value) : value;
    },
    set: (key, value) => keyv.set(key, formOf(value)),
    async setMany(entries) {
      if (takesMany) {
        await keyv.setMany(entries.map(([key, value]) => ({ key, value: formOf(value) })));
      } else {
        await together(entries, ([key, value]) => keyv.set(key, formOf(value)));
      }
    },
    close: () => keyv.disconnect(),
  });
}

/** What is given to Keyv: what JSON does not give back equal as the bytes of our codec, which it turns into base64. */
function formOf(value: unknown): unknown {
  if (!ArrayBuffer.isView(value)) return value;
  const { Buffer } = process.getBuiltinModule("node:buffer");
  const { buffer } = encode(value);
  return Buffer.from(buffer);
}

/** How it is run, for both adapters. */
export const ABOUT_KEYV =
  "Values as JSON, by its own serializer; a Float64Array, which that would turn into an object, as the bytes of our codec in base64.";
