import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The program under test: PLENUM_BIN, or what cargo built last. */
export function program(): string {
  if (process.env.PLENUM_BIN) return process.env.PLENUM_BIN;
  const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
  return join(target, 'debug/plenum');
}

/** A port of this machine that nobody listens at. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** A server that runs. */
export type Served = {
  url: string;
  /** Where it keeps the database, files and letters. */
  data: string;
  stop: () => Promise<void>;
  /** Ends it as a power cut would, and starts it again over what it left. */
  crash: () => Promise<void>;
};

/** Starts `plenum serve --demo` on a data directory and a port of its own; `host` is what browsers call it by. */
export function serve(settings: Record<string, string> = {}, host = '127.0.0.1'): Promise<Served> {
  return start(settings, true, host);
}

/** Starts `plenum serve`, as it is run for real, over the people of the demonstration. */
export function serveForReal(settings: Record<string, string> = {}): Promise<Served> {
  return start(settings, false, '127.0.0.1');
}

async function start(settings: Record<string, string>, demo: boolean, host: string): Promise<Served> {
  const data = mkdtempSync(join(tmpdir(), 'plenum-browser-'));
  // The database's user must be able to reach it.
  chmodSync(data, 0o755);
  const port = await freePort();
  const url = `http://${host}:${port}`;
  const own = { PLENUM_DATA_DIR: data, PLENUM_LISTEN: `127.0.0.1:${port}` };
  const environment = settingsOf({ PLENUM_PUBLIC_URL: url, ...settings, ...own });
  if (!demo) await promisify(execFile)(program(), ['demo'], { env: environment });
  const begin = async () => {
    const server = spawn(program(), demo ? ['serve', '--demo'] : ['serve'], {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await said(server, 'ready at');
    return server;
  };
  let server = await begin();
  const end = async (signal: NodeJS.Signals) => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    await ended;
  };
  return {
    url,
    data,
    stop: async () => {
      await end('SIGINT');
      rmSync(data, { recursive: true, force: true });
    },
    crash: async () => {
      await end('SIGKILL');
      server = await begin();
    },
  };
}

/** Starts the server that the tests share; the function that stops it. */
export default async function shared(): Promise<() => Promise<void>> {
  const server = await serve();
  process.env.BASE_URL = server.url;
  return server.stop;
}

/** The environment of a program under test: these settings, and none of whoever runs the tests. */
export function settingsOf(settings: Record<string, string>): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env };
  for (const name of Object.keys(environment)) {
    if (name.startsWith('PLENUM_') || name === 'DATABASE_URL') delete environment[name];
  }
  return Object.assign(environment, settings);
}

/** Waits until a program has said this on standard error. */
export function said(program: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    program.once('error', reject);
    program.once('exit', (code) => reject(new Error(`${program.spawnfile} ended with ${code}:\n${lines.join('\n')}`)));
    if (!program.stderr) return reject(new Error(`${program.spawnfile} says nothing`));
    let up = false;
    createInterface({ input: program.stderr }).on('line', (line) => {
      // Afterwards only what went wrong is of interest, and belongs beside the test that saw it.
      if (up && line.includes('ERROR')) process.stderr.write(`${line}\n`);
      if (up) return;
      lines.push(line);
      if (line.includes(words)) {
        up = true;
        resolve();
      }
    });
  });
}
