// Copyright 2026 the pecapiku authors. MIT license.

/**
 * Three workers share a batch through a Redis server: each call is computed by one of them, while the others wait for it. A fourth
 * worker, started later, computes nothing. The workers are `cluster_job.ts`; this script starts a server of its own (it
 * needs `redis-server` or `valkey-server`), and shows what each of them did.
 *
 * ```sh
 * deno run -R -W --allow-run --allow-net=127.0.0.1 --allow-env=PECAPIKU_IMPORT_MAP,TMPDIR examples/cluster.ts
 * ```
 *
 * @module
 */

import { denoArguments } from "./_deno_arguments.ts";

const CALLS = 300;

/** What a worker says at its end. */
interface Report {
  readonly computed: number;
  readonly sum: number;
}

/** Starts a server on a free port of this machine, which keeps nothing when it is stopped. */
async function startServer(): Promise<{ url: string; child: Deno.ChildProcess } | undefined> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  for (const program of ["redis-server", "valkey-server"]) {
    try {
      const child = new Deno.Command(program, {
        args: [
          ...["--port", String(port), "--bind", "127.0.0.1", "--dir", directory],
          ...["--save", "", "--appendonly", "no"],
        ],
        stdin: "null",
        stdout: "null",
      }).spawn();
      await untilItListens(port);
      return { url: `redis://127.0.0.1:${port}`, child };
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return undefined;
}

async function untilItListens(port: number): Promise<void> {
  for (let time = 0; time < 500; time++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error(`The server does not listen: port ${port}`);
}

/** Runs a worker, and shows what it did. */
async function runWorker(title: string, url: string): Promise<Report> {
  const start = performance.now();
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--allow-net=127.0.0.1", ...denoArguments()],
      new URL("cluster_job.ts", import.meta.url).href,
      ...[url, String(CALLS)],
    ],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`The worker has failed: ${title}`);
  const report: Report = JSON.parse(new TextDecoder().decode(stdout));
  const { computed } = report;
  console.log(
    `${title.padEnd(10)} ${show(computed)} computed  ${show(CALLS - computed)} from the others  ${
      ((performance.now() - start) / 1000).toFixed(1)
    } s`,
  );
  return report;
}

function show(count: number): string {
  return String(count).padStart(4);
}

const directory = Deno.makeTempDirSync({ prefix: "pecapiku-cluster-" });
try {
  const server = await startServer();
  if (server === undefined) {
    console.log("Skipped: neither redis-server nor valkey-server is installed.");
  } else {
    try {
      console.log(`${CALLS} calls, shared by three workers through ${server.url}\n`);
      const names = ["worker 1", "worker 2", "worker 3"];
      const reports = await Promise.all(names.map((name) => runWorker(name, server.url)));
      const late = await runWorker("later", server.url);
      const computed = reports.reduce((sum, report) => sum + report.computed, late.computed);
      const agree = reports.every(({ sum }) => sum === late.sum);
      console.log(
        `\n${computed} calls were computed in all; the workers ${
          agree ? "agree" : "do not agree"
        } on the result.`,
      );
      if (computed !== CALLS || late.computed !== 0 || !agree) Deno.exitCode = 1;
    } finally {
      server.child.kill("SIGKILL");
      await server.child.status;
    }
  }
} finally {
  Deno.removeSync(directory, { recursive: true });
}
