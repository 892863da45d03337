import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, program, said, settingsOf } from './server';

/** Several servers that carry rooms together, behind one address. */
export type Pooled = {
  url: string;
  /** Ends a server as a power cut would. */
  kill: (name: string) => Promise<void>;
  /** Tells a server to end. */
  end: (name: string) => Promise<void>;
  /** Starts a server, again or for the first time. */
  begin: (name: string) => Promise<void>;
  /** New connections go to this server for as long as it is there; to any, when it is none. */
  prefer: (name: string | null) => void;
  stop: () => Promise<void>;
};

type Running = { process: ChildProcess; port: number };

/** Starts the database, NATS and the servers of these names, over the people of the demonstration. */
export async function serveTogether(names: string[]): Promise<Pooled> {
  const data = mkdtempSync(join(tmpdir(), 'plenum-pool-'));
  chmodSync(data, 0o755);
  const balancer = new Balancer();
  const url = await balancer.listen();
  const environment = settingsOf({
    PLENUM_DATA_DIR: data,
    PLENUM_PUBLIC_URL: url,
    PLENUM_OPERATIONS: 'any',
    PLENUM_API_RATE: '0',
    PLENUM_DRAIN: '1',
  });
  await promisify(execFile)(program(), ['demo'], { env: environment });
  const natsPort = await freePort();
  const nats = spawn('nats-server', ['--addr', '127.0.0.1', '--port', String(natsPort)], {
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await said(nats, 'Server is ready');
  const database = spawn(program(), ['database'], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  await said(database, 'the database is ready');

  const running = new Map<string, Running>();
  const begin = async (name: string) => {
    const port = await freePort();
    const server = spawn(program(), ['serve'], {
      env: {
        ...environment,
        PLENUM_LISTEN: `127.0.0.1:${port}`,
        PLENUM_NODE: name,
        PLENUM_NATS_URL: `nats://127.0.0.1:${natsPort}`,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await said(server, 'ready at');
    running.set(name, { process: server, port });
    balancer.add(name, port);
  };
  const end = async (name: string, signal: NodeJS.Signals) => {
    const server = running.get(name);
    if (!server) return;
    running.delete(name);
    // Whoever ends it properly takes it out first, as `/readyz` asks for.
    if (signal === 'SIGTERM') balancer.remove(name);
    await ended(server.process, signal);
    balancer.remove(name);
  };
  for (const name of names) await begin(name);
  return {
    url,
    begin,
    kill: (name) => end(name, 'SIGKILL'),
    end: (name) => end(name, 'SIGTERM'),
    prefer: (name) => balancer.prefer(name),
    stop: async () => {
      for (const name of [...running.keys()]) await end(name, 'SIGINT');
      balancer.close();
      await ended(database, 'SIGINT');
      await ended(nats, 'SIGINT');
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function ended(process: ChildProcess, signal: NodeJS.Signals): Promise<unknown> {
  const over = new Promise((resolve) => process.once('exit', resolve));
  process.kill(signal);
  return over;
}

/** Leads each new connection to one of the servers, as the balancer of a real installation does. */
class Balancer {
  readonly #server = createServer((socket) => this.#lead(socket));
  readonly #ports = new Map<string, number>();
  readonly #open = new Set<Socket>();
  #preferred: string | null = null;
  #turn = 0;

  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', () => {
        resolve(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
      });
    });
  }

  add(name: string, port: number): void {
    this.#ports.set(name, port);
  }

  remove(name: string): void {
    this.#ports.delete(name);
  }

  prefer(name: string | null): void {
    this.#preferred = name;
  }

  close(): void {
    for (const socket of this.#open) socket.destroy();
    this.#server.close();
  }

  #lead(browser: Socket): void {
    const ports = [...this.#ports.values()];
    this.#turn += 1;
    const preferred = this.#preferred === null ? undefined : this.#ports.get(this.#preferred);
    const port = preferred ?? ports[this.#turn % ports.length];
    if (port === undefined) {
      browser.destroy();
      return;
    }
    const server = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [browser, server],
      [server, browser],
    ] as const) {
      this.#open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
