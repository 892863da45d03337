// Starts the program for a test, and talks to it as a browser does.
import { execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const program = process.env.PLENUM_BIN;
if (!program) throw new Error('PLENUM_BIN names the program; `make test SUITE=oidc` sets it');

/** A port of this machine that nobody listens at. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts `plenum serve --demo` at a port, with more settings. */
export async function serve(port, settings) {
  const data = mkdtempSync(join(tmpdir(), 'plenum-oidc-'));
  // The database's user must be able to reach it.
  chmodSync(data, 0o755);
  const environment = { ...process.env };
  for (const name of Object.keys(environment)) {
    if (name.startsWith('PLENUM_') || name === 'DATABASE_URL') delete environment[name];
  }
  const server = spawn(program, ['serve', '--demo'], {
    env: { ...environment, ...settings, PLENUM_DATA_DIR: data, PLENUM_LISTEN: `127.0.0.1:${port}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = [];
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`plenum ended with ${code}:\n${said.join('\n')}`)));
    createInterface({ input: server.stderr }).on('line', (line) => {
      said.push(line);
      if (line.includes('ready at')) resolve();
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    said,
    /** What a command of the program prints, run beside the server. */
    run: async (parameters) => {
      const env = { ...environment, ...settings, PLENUM_DATA_DIR: data };
      return (await promisify(execFile)(program, parameters, { env })).stdout;
    },
    stop: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** A browser: keeps cookies by host, and follows no redirect by itself. */
export class Browser {
  constructor() {
    this.cookies = new Map();
  }

  copy() {
    const other = new Browser();
    for (const [host, jar] of this.cookies) other.cookies.set(host, new Map(jar));
    return other;
  }

  async request(address, init = {}) {
    const url = new URL(address);
    const jar = this.cookies.get(url.host) ?? new Map();
    this.cookies.set(url.host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...init.headers, ...(cookie ? { cookie } : {}) };
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      const over = attributes.some((one) => /^max-age=0$/i.test(one) || /^expires=Thu, 01 Jan 1970/i.test(one));
      if (over || value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }

  /** One operation of the API; its data. */
  async ask(plenum, query, variables = {}, tenant = null) {
    const answer = await this.request(`${plenum}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(tenant ? { 'x-plenum-tenant': tenant } : {}) },
      body: JSON.stringify({ query, variables }),
    });
    const body = await answer.json();
    if (body.errors) throw new Error(JSON.stringify(body.errors));
    return body.data;
  }
}

/** Where an answer leads. */
export function location(answer, base) {
  const place = answer.headers.get('location');
  if (!place) throw new Error(`no redirect: ${answer.status} ${answer.url}`);
  return new URL(place, base).href;
}
