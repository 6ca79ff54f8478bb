// Copyright 2026 the pecapiku authors. MIT license.

import { checkFilePath, resolveFilePath } from "../config/resolve_file_path.ts";
import { openLogStore } from "../stores/open_log_store.ts";
import type { Store } from "../stores/store.ts";

/**
 * The place of a cache file. Modules are imported, and functions decorated, before a script says where its cache is: so
 * the path is resolved, and the store opened, at the first use.
 */
export class StorePlace {
  readonly #filePath: string | URL;
  #location: string | undefined;
  #store: Store | undefined;

  /**
   * Makes a place without touching the disk.
   *
   * @param filePath The path or `file:` URL of the file.
   * @throws {TypeError} If it can't be the path of a cache file.
   */
  constructor(filePath: string | URL) {
    checkFilePath(filePath);
    this.#filePath = filePath;
  }

  /** The absolute path of the file. */
  get location(): string {
    return this.#location ??= resolveFilePath(this.#filePath);
  }

  /** The store, opened if it is not open yet. */
  get store(): Store {
    return this.#store ??= openLogStore(this.location);
  }
}
