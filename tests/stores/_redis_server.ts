// Copyright 2026 the pecapiku authors. MIT license.

/** Whether a Redis or Valkey server can be started. Its program has to be on the path. */
export const REDIS_PROGRAM: string | undefined = findProgram();

/** What tests that need a server say when there is none. */
export const NO_REDIS = "skipped: neither redis-server nor valkey-server is installed";

function findProgram(): string | undefined {
  for (const name of ["redis-server", "valkey-server"]) {
    try {
      new Deno.Command(name, { args: ["--version"], stdout: "null", stderr: "null" }).outputSync();
      return name;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

/** Registers a test that needs a server, or says that it is skipped. */
export function redisTest(name: string, run: () => Promise<void>): void {
  // A connection that was used stays open for the next test.
  const options = { sanitizeOps: false, sanitizeResources: false };
  if (REDIS_PROGRAM !== undefined) Deno.test({ name, fn: run, ...options });
  else Deno.test({ name: `${name} (${NO_REDIS})`, ignore: true, fn() {} });
}

/** A port of the loopback device that nobody listened to a moment ago. */
function freePort(most: number): number {
  while (true) {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    listener.close();
    if (port <= most) return port;
  }
}

/** A server of the tests' own, in a directory of its own. */
export class RedisServer {
  readonly port: number;
  readonly #directory = Deno.makeTempDirSync({ prefix: "pecapiku-redis-" });
  readonly #args: readonly string[];
  #child: Deno.ChildProcess | undefined;

  private constructor(args: readonly string[], port: number) {
    this.#args = args;
    this.port = port;
  }

  /**
   * Starts a server on a free port.
   *
   * @param args More arguments; without any, it keeps nothing when it is stopped.
   * @returns The server, which answers.
   */
  static async start(...args: string[]): Promise<RedisServer> {
    const server = RedisServer.prepare(...args);
    await server.start();
    return server;
  }

  /** Finds a port for a server that is not started. */
  static prepare(...args: string[]): RedisServer {
    // A server of a cluster listens to the port 10,000 above its own, too.
    return new RedisServer(args, freePort(55_000));
  }

  /** Writes a file into the server's directory. */
  write(name: string, text: string): void {
    Deno.writeTextFileSync(`${this.#directory}/${name}`, text);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, if it was stopped, on the same port and over the same directory. */
  async start(): Promise<void> {
    this.#child = new Deno.Command(REDIS_PROGRAM!, {
      args: [
        ...["--port", `${this.port}`, "--bind", "127.0.0.1", "--dir", this.#directory],
        ...["--save", "", "--appendonly", "no", "--enable-debug-command", "local"],
        ...["--logfile", "log", "--protected-mode", "no", ...this.#args],
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    while (await this.ask("PING").catch(() => "") !== "+PONG") await pause();
  }

  /** Stops it at once. */
  async stop(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined) return;
    child.kill("SIGKILL");
    await child.status;
  }

  /** Has it stand still, or go on. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.#child!.kill(signal);
  }

  /** Stops it, and removes what it has left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await Deno.remove(this.#directory, { recursive: true });
  }

  /** Says something to the server in a line of words, and gives the first line of what it says. */
  async ask(...words: (string | Uint8Array)[]): Promise<string> {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: this.port });
    const encoder = new TextEncoder();
    const bytes: number[] = [...encoder.encode(`*${words.length}\r\n`)];
    for (const word of words) {
      const data = typeof word === "string" ? encoder.encode(word) : word;
      bytes.push(...encoder.encode(`$${data.byteLength}\r\n`), ...data, 13, 10);
    }
    const writer = connection.writable.getWriter();
    await writer.write(new Uint8Array(bytes));
    let text = "";
    for await (const chunk of connection.readable.pipeThrough(new TextDecoderStream("latin1"))) {
      text += chunk;
      if (
        text.startsWith("*") || text.startsWith("$") ? text.endsWith("\r\n") : text.includes("\r\n")
      ) {
        break;
      }
    }
    return text.startsWith("$") || text.startsWith("*") ? text : text.split("\r\n")[0]!;
  }

  /** The names of all keys. */
  async keys(): Promise<string[]> {
    const reply = await this.ask("KEYS", "*");
    return reply.split("\r\n").slice(1, -1).filter((_, at) => at % 2 === 1).sort();
  }
}

/** Three servers that are a cluster. */
export class RedisCluster {
  readonly servers: readonly RedisServer[];

  private constructor(servers: readonly RedisServer[]) {
    this.servers = servers;
  }

  /** Starts a cluster of three masters, each with a third of the slots. */
  static async start(): Promise<RedisCluster> {
    const args = ["--cluster-enabled", "yes", "--cluster-require-full-coverage", "no"];
    const servers = [0, 1, 2].map(() => RedisServer.prepare(...args));
    const ranges = ["0-5460", "5461-10922", "10923-16383"];
    // What they would find out by talking to each other takes them seconds.
    for (const server of servers) {
      const lines = servers.map(({ port }, at) => {
        const id = `${at + 1}`.repeat(40);
        const flags = port === server.port ? "myself,master" : "master";
        return `${id} 127.0.0.1:${port}@${port + 10_000} ${flags} - 0 0 ${at + 1} connected ${
          ranges[at]
        }`;
      });
      lines.push("vars currentEpoch 3 lastVoteEpoch 0", "");
      server.write("nodes.conf", lines.join("\n"));
    }
    await Promise.all(servers.map((server) => server.start()));
    for (const server of servers) {
      while (!(await server.ask("CLUSTER", "INFO")).includes("cluster_state:ok")) await pause();
    }
    return new RedisCluster(servers);
  }

  get url(): string {
    return this.servers[0]!.url;
  }

  async keys(): Promise<string[]> {
    return (await Promise.all(this.servers.map((server) => server.keys()))).flat().sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.servers) await server[Symbol.asyncDispose]();
  }
}

/** Waits a moment before the server is asked again. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}
