// Copyright 2026 the pecapiku authors. MIT license.

/** The version of the encoding: the first byte of all. */
export const VERSION = 1;

/** The second byte: what the bytes stand for, and whether the order of properties counts. */
export const Domain = {
  key: 0x4b,
  keyInOrder: 0x6b,
  call: 0x43,
  callInOrder: 0x63,
} as const;

/** The first byte of every encoded thing. `docs/format.md` specifies them: a change here is a new version of the format. */
export const Tag = {
  undefined: 0x00,
  null: 0x01,
  false: 0x02,
  true: 0x03,
  nan: 0x04,
  double: 0x05,
  uint: 0x06,
  latin1: 0x07,
  utf16: 0x08,
  bigint: 0x09,
  negativeBigint: 0x0a,
  wellKnownSymbol: 0x0b,
  registeredSymbol: 0x0c,
  holes: 0x0d,
  reference: 0x0e,
  function: 0x0f,
  object: 0x10,
  nullObject: 0x11,
  array: 0x12,
  richArray: 0x13,
  map: 0x14,
  set: 0x15,
  date: 0x16,
  regExp: 0x17,
  boxed: 0x18,
  error: 0x19,
  arrayBuffer: 0x1a,
  view: 0x1b,
  url: 0x1c,
  urlSearchParams: 0x1d,
  headers: 0x1e,
  domException: 0x1f,
  temporal: 0x20,
  instance: 0x21,
  spoken: 0x22,
  /** Stands before the key of a property that is not enumerable. */
  hidden: 0x24,
} as const;

/** Where the bytes of an `ArrayBuffer` or a view of one come from. */
export const Storage = {
  /** From a buffer that was not met before. */
  fresh: 0x00,
  /** From a buffer that was met before. */
  shared: 0x01,
  /** From a pool, where they overlap other views. */
  overlapping: 0x02,
} as const;

/** How the content of an `ArrayBuffer` or a view is written. */
export const Content = {
  /** The bytes themselves. */
  inline: 0x00,
  /** Their SHA-256. */
  digest: 0x01,
} as const;
