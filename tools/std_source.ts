// Copyright 2026 the pecapiku authors. MIT license.

/** How long JSR may take to answer, in milliseconds: without it a task starts within 2 seconds. */
const PATIENCE_MS = 1_500;

const JSR_URL = "https://jsr.io/";
const OFFLINE_MAP = `${import.meta.dirname}/offline/import_map.json`;

/** Where `@std` comes from. */
export interface StdSource {
  /** The import map that stands in for JSR; `undefined` when JSR itself is used. */
  readonly importMap: string | undefined;
  /** One line that says so. */
  readonly message: string;
}

/** What {@linkcode chooseStd} may be told. */
export interface ChooseStdOptions {
  /** Reads an environment variable; by default that of the process. */
  readonly env?: (name: string) => string | undefined;
  /** How long JSR may take to answer, in milliseconds; 1,500 by default. */
  readonly patience?: number;
}

/**
 * Decides where `@std` comes from: an import map named by `PECAPIKU_IMPORT_MAP`, what `PECAPIKU_STD`
 * (`jsr` or `offline`) says, or JSR when it serves and the offline import map when it does not.
 *
 * Needs `--allow-net` for JSR (or the mirror that `JSR_URL` names), and `--allow-env`.
 *
 * @param options The environment and the patience.
 * @returns The source.
 * @throws {TypeError} If `PECAPIKU_STD` is something else.
 */
export async function chooseStd(options: ChooseStdOptions = {}): Promise<StdSource> {
  const { env = Deno.env.get, patience = PATIENCE_MS } = options;
  const map = env("PECAPIKU_IMPORT_MAP");
  if (map) return { importMap: map, message: `Using @std through ${map} (PECAPIKU_IMPORT_MAP)` };
  switch (env("PECAPIKU_STD") ?? "") {
    case "jsr":
      return { importMap: undefined, message: "Using @std from JSR (PECAPIKU_STD)" };
    case "offline":
      return offline("PECAPIKU_STD");
    case "":
      break;
    default:
      throw new TypeError(
        `Cannot choose @std: PECAPIKU_STD is neither "jsr" nor "offline": ${env("PECAPIKU_STD")}`,
      );
  }
  const reason = await whyNot(env("JSR_URL") || JSR_URL, patience);
  if (reason === undefined) return { importMap: undefined, message: "Using @std from JSR" };
  return offline(`JSR can't be used: ${reason}`);
}

function offline(reason: string): StdSource {
  return {
    importMap: OFFLINE_MAP,
    message: `Using the offline stand-ins for @std (${reason})`,
  };
}

/** Why a registry does not serve; `undefined` when it does. */
async function whyNot(registry: string, patience: number): Promise<string | undefined> {
  try {
    const base = registry.endsWith("/") ? registry : `${registry}/`;
    const response = await fetch(new URL("@std/path/meta.json", base), {
      signal: AbortSignal.timeout(patience),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return `status ${response.status}`;
    }
    // The sign-in page of a network, or of a proxy, has a good status too.
    const meta = JSON.parse(await response.text());
    return meta?.scope === "std" && meta.name === "path" ? undefined : "another site answers";
  } catch (error) {
    if (error instanceof SyntaxError) return "another site answers";
    if (error instanceof DOMException) return `no answer in ${patience} ms`;
    return "no connection";
  }
}
