// Copyright 2026 the pecapiku authors. MIT license.

const BLOCK_BYTES = 64;

/** Words of the fractional parts of the square and cube roots of the first primes (FIPS 180-4). */
const INITIAL = fractions(8, Math.sqrt);
const ROUND = fractions(64, Math.cbrt);

const schedule = new Int32Array(64);
const state = new Int32Array(8);
const tail = new Uint8Array(2 * BLOCK_BYTES);
const tailView = new DataView(tail.buffer);

/**
 * SHA-256 without loading anything.
 *
 * @param bytes What to digest.
 * @returns Its 32 bytes.
 */
export function sha256(bytes: Uint8Array): ArrayBuffer {
  state.set(INITIAL);
  const whole = bytes.length - bytes.length % BLOCK_BYTES;
  for (let at = 0; at < whole; at += BLOCK_BYTES) compress(bytes, at);
  const tailBytes = padTail(bytes, whole);
  for (let at = 0; at < tailBytes; at += BLOCK_BYTES) compress(tail, at);
  const digest = new DataView(new ArrayBuffer(32));
  for (let i = 0; i < 8; i++) digest.setInt32(i * 4, state[i]!);
  return digest.buffer;
}

/** The rest that fills no block, a one bit, zeros, and the length in bits; gives its size. */
function padTail(bytes: Uint8Array, whole: number): number {
  const rest = bytes.length - whole;
  const size = rest + 9 <= BLOCK_BYTES ? BLOCK_BYTES : 2 * BLOCK_BYTES;
  for (let i = 0; i < rest; i++) tail[i] = bytes[whole + i]!;
  tail[rest] = 0x80;
  tail.fill(0, rest + 1, size - 8);
  tailView.setUint32(size - 8, Math.floor(bytes.length / 2 ** 29));
  tailView.setUint32(size - 4, bytes.length * 8 >>> 0);
  return size;
}

function compress(bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++, at += 4) {
    schedule[i] = bytes[at]! << 24 | bytes[at + 1]! << 16 | bytes[at + 2]! << 8 | bytes[at + 3]!;
  }
  for (let i = 16; i < 64; i++) {
    const w15 = schedule[i - 15]!;
    const w2 = schedule[i - 2]!;
    const s0 = (w15 >>> 7 | w15 << 25) ^ (w15 >>> 18 | w15 << 14) ^ w15 >>> 3;
    const s1 = (w2 >>> 17 | w2 << 15) ^ (w2 >>> 19 | w2 << 13) ^ w2 >>> 10;
    schedule[i] = schedule[i - 16]! + s0 + schedule[i - 7]! + s1;
  }
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
  let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
  for (let i = 0; i < 64; i++) {
    const s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
    const s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
    const first = h + s1 + (g ^ e & (f ^ g)) + ROUND[i]! + schedule[i]! | 0;
    const second = s0 + (a & b | c & (a | b)) | 0;
    h = g, g = f, f = e, e = d + first | 0;
    d = c, c = b, b = a, a = first + second | 0;
  }
  state[0]! += a, state[1]! += b, state[2]! += c, state[3]! += d;
  state[4]! += e, state[5]! += f, state[6]! += g, state[7]! += h;
}

function fractions(count: number, root: (n: number) => number): Int32Array {
  const words = new Int32Array(count);
  for (let n = 2, found = 0; found < count; n++) {
    if (!isPrime(n)) continue;
    words[found++] = (root(n) % 1) * 2 ** 32;
  }
  return words;
}

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor++) {
    if (n % divisor === 0) return false;
  }
  return true;
}
