// Copyright 2026 the pecapiku authors. MIT license.

import { DENO_DISK, type Disk } from "../../src/stores/disk.ts";

/** A moment at which a process is to end. */
export interface KillPoint {
  /** The name of the call, `"any"` for any. */
  readonly call: string;
  /** The how manieth such call, from 1 on. */
  readonly nth: number;
  /** Before it, after it, or, of a write, when a part of it is done. */
  readonly when: "before" | "during" | "after";
}

/**
 * The disk, until the process kills itself at one of the calls that reach it. Needs `--allow-run`.
 *
 * @param point When that is.
 * @returns The disk.
 */
export function killingDisk(point: KillPoint): Disk {
  let left = point.nth;

  function guard<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (_, name) => {
        const method = Reflect.get(target, name, target);
        if (typeof method !== "function") return method;
        return (...args: unknown[]) => {
          const isReached = (point.call === "any" || point.call === name) && --left === 0;
          if (isReached && point.when === "during" && args[0] instanceof Uint8Array) {
            method.call(target, args[0].subarray(0, args[0].length >> 1));
          }
          if (isReached && point.when !== "after") end();
          const result = method.apply(target, args);
          if (isReached) end();
          return name === "openSync" ? guard(result) : result;
        };
      },
    });
  }
  return guard(DENO_DISK);
}

function end(): void {
  Deno.kill(Deno.pid, "SIGKILL");
}
