// The SFU's example as a child, and browsers that meet in it.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const HERE = import.meta.dirname;
const ROOT = join(HERE, '..', '..');

/** Builds the example and returns its path; `PLENUM_ROOM` names one that is built already. */
function example() {
  if (process.env.PLENUM_ROOM) return process.env.PLENUM_ROOM;
  const cargo = spawnSync(
    'cargo',
    ['build', '--package', 'plenum-sfu', '--example', 'room', '--message-format', 'json-render-diagnostics'],
    { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 256 * 1024 * 1024 },
  );
  if (cargo.status !== 0) throw new Error(`cargo ended with ${cargo.status}`);
  const artifacts = cargo.stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const built = artifacts.find(({ target, executable }) => target?.name === 'room' && executable);
  if (!built) throw new Error('cargo did not say where the example is');
  return built.executable;
}

/** Starts the example with the page; stop it by `close`. */
export async function startServer() {
  const folder = await mkdtemp(join(tmpdir(), 'plenum-media-'));
  await build({
    entryPoints: [join(HERE, 'page.ts')],
    outfile: join(folder, 'page.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
  });
  await copyFile(join(HERE, 'page.html'), join(folder, 'page.html'));
  const child = spawn(example(), [folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [address] = await once(createInterface({ input: child.stdout }), 'line');
  return {
    address,
    get: (path) => fetch(`${address}${path}`).then((response) => response.json()),
    async close() {
      const ended = once(child, 'exit');
      child.stdin.end();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/**
 * Starts Chromium with devices that always show a test picture and beep. With `hideAddresses` it behaves as it does at
 * home: whoever has not allowed devices hides their addresses behind names that only mDNS resolves.
 */
export function startBrowser({ hideAddresses = false } = {}) {
  return chromium.launch({
    executablePath: process.env.PLENUM_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-dev-shm-usage',
      '--mute-audio',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      ...(hideAddresses ? [] : ['--disable-features=WebRtcHideLocalIpsWithMdns']),
    ],
  });
}

/** Opens the page in a browser of its own, as far as cookies and devices go. */
export async function openPage(browser, address, permissions = ['camera', 'microphone']) {
  const context = await browser.newContext({ permissions });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error('page:', error));
  await page.goto(`${address}/page/page.html`);
  await page.waitForFunction(() => 'room' in window);
  return {
    close: () => context.close(),
    /** Calls a handle of the page. */
    call: (name, ...args) => page.evaluate(([handle, rest]) => window.room[handle](...rest), [name, args]),
  };
}
