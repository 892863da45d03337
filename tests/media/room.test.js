import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { openPage, startBrowser, startServer } from './server.js';
import { goesOn, LIMIT_MS, query, sees, shows, until } from './steps.js';

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

/** A page that has joined. */
async function joined(invitation) {
  const page = await openPage(browser, server.address);
  await page.call('join', invitation);
  return page;
}

describe('a room', () => {
  const room = randomUUID();
  const invitations = { anna: query(room, 'Anna'), boris: query(room, 'Boris'), vera: query(room, 'Vera') };
  let anna;
  let boris;
  let vera;

  test('two see and hear each other', async (t) => {
    anna = await joined(invitations.anna);
    boris = await joined(invitations.boris);
    await Promise.all([sees(anna, 1), sees(boris, 1)]);
    await shows(anna, ['Boris']);
    t.diagnostic(`negotiated: ${JSON.stringify(await anna.call('received'))}`);
  });

  test('who comes later sees the others soon', async (t) => {
    vera = await openPage(browser, server.address);
    const ms = await vera.call('joinAndSee', invitations.vera, 2);
    t.diagnostic(`the third saw the two others after ${Math.round(ms)} ms`);
    assert.ok(ms < LIMIT_MS);
    await Promise.all([sees(anna, 2), sees(boris, 2), sees(vera, 2)]);
  });

  test('switching off is seen by others, and on again', async () => {
    await anna.call('switch', 'microphone', false);
    await anna.call('switch', 'camera', false);
    const annaAt = (page, microphone, camera) =>
      until('switches', () => page.call('snapshot'), ({ participants }) =>
        participants.some((one) => one.name === 'Anna' && one.microphone === microphone && one.camera === camera),
      );
    await Promise.all([annaAt(boris, false, false), annaAt(vera, false, false)]);
    await anna.call('switch', 'microphone', true);
    await anna.call('switch', 'camera', true);
    await Promise.all([annaAt(boris, true, true), annaAt(vera, true, true)]);
  });

  test('devices that open after joining, and open again, are seen and heard', async () => {
    const late = await openPage(browser, server.address);
    await late.call('joinBare', query(room, 'Dmitri'));
    await sees(late, 3, 10);
    await late.call('publish');
    await sees(anna, 3, 10);

    await late.call('unpublish');
    await until('is off', () => anna.call('snapshot'), ({ participants }) =>
      participants.some((one) => one.name === 'Dmitri' && !one.camera && !one.microphone),
    );
    const frames = async () => (await anna.call('received')).video.map((one) => one.frames);
    const before = await frames();
    await late.call('publish');
    await until('every picture moves', frames, (now) => now.every((count, at) => count > before[at] + 10));
    await late.close();
    await Promise.all([shows(anna, ['Boris', 'Vera']), shows(vera, ['Anna', 'Boris'])]);
  });

  test('rubbish gets typed errors while the others go on', async () => {
    const rubbish = [
      JSON.stringify({ type: 'publish', sdp: 'v=0\r\nrubbish', tracks: [] }),
      JSON.stringify({ type: 'answer', generation: 9, sdp: 'rubbish' }),
      'rubbish',
      JSON.stringify({ type: 'ping', id: 42 }),
    ];
    const answers = await anna.call('raw', query(room, 'Mallory'), rubbish, rubbish.length);
    assert.deepEqual(
      answers.map(({ type, code, id }) => code ?? `${type} ${id}`),
      ['sdp_malformed', 'answer_stale', 'message_malformed', 'pong 42'],
    );
    await Promise.all([goesOn(anna, 2), goesOn(boris, 2)]);
  });

  test('a cut connection comes back by itself, and nobody is doubled', async () => {
    await shows(anna, ['Boris', 'Vera']);
    const events = (await server.get('/events')).length;
    await boris.call('cut');
    const rejoined = ({ state }) => state === 'connected';
    await until('reconnects', () => server.get('/events'), (told) => told.length >= events + 2);
    await until('reconnects', () => boris.call('snapshot'), rejoined);
    await sees(boris, 2, 10);
    await Promise.all([goesOn(anna, 2), goesOn(vera, 2)]);
    assert.ok(Math.max(...(await anna.call('counts'))) <= 3, 'never double');
    const told = (await server.get('/events')).slice(events).map((line) => line.split(' ').slice(0, 2).join(' '));
    const id = invitations.boris.participant;
    assert.deepEqual(told, [`left ${id}`, `joined ${id}`]);
  });

  test('a seat is taken by the next to come, without a larger description', async () => {
    const media = async () => {
      const { video } = await anna.call('received');
      return new Set(video.map(({ mid }) => mid)).size;
    };
    const before = await media();
    await vera.call('leave');
    await shows(anna, ['Boris']);
    await vera.call('join', query(room, 'Galina'));
    await shows(anna, ['Boris', 'Galina']);
    await goesOn(anna, 2);
    assert.equal(await media(), before);
  });

  test('those who leave are gone, and nothing stays behind', async () => {
    await vera.call('leave');
    await Promise.all([shows(anna, ['Boris']), shows(boris, ['Anna'])]);
    await anna.call('leave');
    await boris.close();
    await until(
      'empty',
      () => server.get('/load'),
      ({ rooms, participants, peers, sessions }) => rooms + participants + peers + sessions === 0,
    );
  });
});

test('who is not invited gets 403 and no media', async () => {
  const room = randomUUID();
  const host = await joined(query(room, 'Host'));
  await until('host is in', () => host.call('snapshot'), ({ state }) => state === 'connected');

  const status = await new Promise((resolve, reject) => {
    const upgrade = request(`${server.address}/sfu`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': Buffer.from(randomUUID().slice(0, 16)).toString('base64'),
        'sec-websocket-protocol': 'plenum.sfu.v1, forged.token',
      },
    });
    upgrade.on('response', (response) => resolve(response.statusCode));
    upgrade.on('upgrade', () => reject(new Error('was let in')));
    upgrade.on('error', reject);
    upgrade.end();
  });
  assert.equal(status, 403);

  const stranger = await joined({ ...query(room, 'Stranger'), expired: 'true' });
  await until('gives up', () => stranger.call('snapshot'), ({ state, reason }) => state === 'closed' && reason === 'refused');
  const { video, audio } = await stranger.call('received');
  assert.deepEqual([...video, ...audio], []);
  assert.deepEqual((await host.call('snapshot')).participants, []);
  const told = await server.get('/events');
  assert.ok(told.includes('refused: the room token has expired'), told.join('; '));
  await stranger.close();
  await host.close();
});
