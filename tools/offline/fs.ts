// Copyright 2026 the pecapiku authors. MIT license.

/**
 * What the project uses of `@std/fs`, over `Deno`'s own calls, for networks that do not reach JSR.
 *
 * @module
 */

/** What {@linkcode exists} and {@linkcode existsSync} ask for besides existence. */
export interface ExistsOptions {
  /** Whether the user must be able to read it; `false` by default. */
  isReadable?: boolean;
  /** Whether it must be a directory, or a link to one; `false` by default. */
  isDirectory?: boolean;
  /** Whether it must be a file, or a link to one; `false` by default. */
  isFile?: boolean;
}

/**
 * Makes a directory, and those above it, unless it exists.
 *
 * @param dir The directory.
 * @throws {Error} If something else stands there.
 */
export async function ensureDir(dir: string | URL): Promise<void> {
  try {
    return checkDirectory(await Deno.stat(dir));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  try {
    await Deno.mkdir(dir, { recursive: true });
  } catch (error) {
    // Another process was faster, with a directory or with something else.
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    checkDirectory(await Deno.stat(dir));
  }
}

/**
 * Makes a directory, and those above it, unless it exists.
 *
 * @param dir The directory.
 * @throws {Error} If something else stands there.
 */
export function ensureDirSync(dir: string | URL): void {
  try {
    return checkDirectory(Deno.statSync(dir));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  try {
    Deno.mkdirSync(dir, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    checkDirectory(Deno.statSync(dir));
  }
}

function checkDirectory(info: Deno.FileInfo): void {
  if (info.isDirectory) return;
  const kind = info.isFile ? "file" : info.isSymlink ? "symlink" : undefined;
  throw new Error(`Failed to ensure directory exists: expected 'dir', got '${kind}'`);
}

/**
 * Tells whether something stands at a path.
 *
 * @param path The path.
 * @param options What it must be besides.
 * @returns Whether it does.
 * @throws {TypeError} If it must be a file and a directory at once.
 */
export async function exists(path: string | URL, options?: ExistsOptions): Promise<boolean> {
  try {
    return meets(await Deno.stat(path), options);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    const { state } = await Deno.permissions.query({ name: "read", path });
    return existsUnreadable(error, state, options);
  }
}

/**
 * Tells whether something stands at a path.
 *
 * @param path The path.
 * @param options What it must be besides.
 * @returns Whether it does.
 * @throws {TypeError} If it must be a file and a directory at once.
 */
export function existsSync(path: string | URL, options?: ExistsOptions): boolean {
  try {
    return meets(Deno.statSync(path), options);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    const { state } = Deno.permissions.querySync({ name: "read", path });
    return existsUnreadable(error, state, options);
  }
}

function existsUnreadable(
  error: Error,
  state: Deno.PermissionState,
  options: ExistsOptions | undefined,
): boolean {
  // With read access granted it was the system that refused: there is something to refuse.
  if (state === "granted") return !options?.isReadable;
  throw error;
}

function meets(info: Deno.FileInfo, options: ExistsOptions = {}): boolean {
  if (options.isDirectory && options.isFile) {
    throw new TypeError(
      "ExistsOptions.options.isDirectory and ExistsOptions.options.isFile must not be true together",
    );
  }
  if (options.isDirectory && !info.isDirectory) return false;
  if (options.isFile && !info.isFile) return false;
  return !options.isReadable || isReadable(info);
}

function isReadable(info: Deno.FileInfo): boolean {
  if (info.mode === null) return true;
  if (Deno.uid() === info.uid) return (info.mode & 0o400) !== 0;
  if (Deno.gid() === info.gid) return (info.mode & 0o040) !== 0;
  return (info.mode & 0o004) !== 0;
}
