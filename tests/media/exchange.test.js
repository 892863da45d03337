// Clients that are not ours publish into a room and watch it, by WHIP and WHEP.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { openPage, startBrowser, startServer } from './server.js';
import { query, sees, shows, until } from './steps.js';

let server;
let browser;

before(async () => {
  server = await startServer();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

/** A client of aiortc that publishes or watches. */
async function client(what, path, invitation) {
  const token = await fetch(`${server.address}/token?${new URLSearchParams(invitation)}`).then((one) => one.text());
  const program = process.env.PLENUM_AIORTC ?? 'python3';
  const script = join(import.meta.dirname, 'exchange.py');
  const child = spawn(program, [script, what, `${server.address}${path}`, token], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let last = {};
  createInterface({ input: child.stdout }).on('line', (line) => {
    last = JSON.parse(line);
  });
  return {
    told() {
      assert.equal(child.exitCode, null, `${what} ended by itself`);
      return last;
    },
    async end() {
      const ended = once(child, 'exit');
      child.stdin.end();
      const [code] = await ended;
      assert.equal(code, 0, `${what} ended with ${code}`);
    },
  };
}

test('an encoder publishes, a player watches, and a participant behind a firewall sees and hears both ways', async (t) => {
  const room = randomUUID();
  const encoder = await client('publish', '/sfu/whip', { ...query(room, 'Hall'), part: 'device' });
  const anna = await openPage(browser, server.address);
  // Nothing but the relay by TCP.
  await anna.call('relayOnly', 'tcp');
  await anna.call('join', query(room, 'Anna'));
  await shows(anna, ['Hall']);
  await sees(anna, 1, 30);
  assert.deepEqual((await anna.call('received')).ways, ['relay tcp', 'relay tcp']);

  const player = await client('watch', '/sfu/whep', { ...query(room, 'Player'), part: 'watcher' });
  const plays = ({ frames, energy }) => frames > 30 && energy > 0.001;
  await until('the player sees and hears', player.told, plays);
  t.diagnostic(`the player: ${JSON.stringify(player.told())}`);
  await shows(anna, ['Hall']);

  // The hall goes off: whoever is left is on stage.
  await encoder.end();
  await shows(anna, []);
  const before = player.told().frames;
  await until('the player sees Anna', player.told, ({ frames, height }) => frames > before + 30 && height !== 360);
  await player.end();
  await anna.call('leave');
  await until('nothing stays behind', () => server.get('/load'), ({ sessions, peers }) => sessions + peers === 0);
  await anna.close();
});
