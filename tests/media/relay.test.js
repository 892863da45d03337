// Participants behind a firewall that lets nothing through but the relay, by one transport, or no datagrams.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { openPage, startBrowser, startServer } from './server.js';
import { goesOn, query, sees, shows, until } from './steps.js';

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

for (const transport of ['tcp', 'udp']) {
  test(`a participant who has nothing but the relay by ${transport} hears and sees others, and is heard and seen`, async () => {
    const room = randomUUID();
    const anna = await openPage(browser, server.address);
    await anna.call('join', query(room, 'Anna'));
    const boris = await openPage(browser, server.address);
    await boris.call('relayOnly', transport);
    await boris.call('join', query(room, 'Boris'));
    await Promise.all([shows(anna, ['Boris']), shows(boris, ['Anna'])]);
    await Promise.all([sees(anna, 1), sees(boris, 1)]);
    await Promise.all([goesOn(anna, 1), goesOn(boris, 1)]);

    const { ways } = await boris.call('received');
    assert.deepEqual(ways, [`relay ${transport}`, `relay ${transport}`]);
    const direct = (await anna.call('received')).ways;
    assert.ok(direct.length === 2 && direct.every((way) => way !== 'relay'), direct.join());

    await Promise.all([anna.call('leave'), boris.call('leave')]);
    await until('nothing stays behind', () => server.get('/load'), ({ allocations, sessions }) => allocations + sessions === 0);
    await Promise.all([anna.close(), boris.close()]);
  });
}

test('a participant whose firewall lets no datagrams through reaches the media port by TCP', async () => {
  const room = randomUUID();
  const anna = await openPage(browser, server.address);
  await anna.call('join', query(room, 'Anna'));
  const boris = await openPage(browser, server.address);
  await boris.call('streamsOnly');
  await boris.call('join', query(room, 'Boris'));
  await Promise.all([shows(anna, ['Boris']), shows(boris, ['Anna'])]);
  await Promise.all([sees(anna, 1), sees(boris, 1)]);
  await Promise.all([goesOn(anna, 1), goesOn(boris, 1)]);
  const { ways } = await boris.call('received');
  assert.ok(ways.length === 2 && ways.every((way) => way.endsWith(' tcp') && !way.startsWith('relay')), ways.join());
  await Promise.all([anna.call('leave'), boris.call('leave')]);
  await until('nothing stays behind', () => server.get('/load'), ({ peers, sessions }) => peers + sessions === 0);
  await Promise.all([anna.close(), boris.close()]);
});

test('a participant on the relay whose access ends soon takes over from themselves, and nobody misses them', async () => {
  const room = randomUUID();
  const anna = await openPage(browser, server.address);
  await anna.call('join', query(room, 'Anna'));
  const boris = await openPage(browser, server.address);
  await boris.call('relayOnly', 'tcp');
  await boris.call('expireSoon');
  const invitation = query(room, 'Boris');
  await boris.call('join', invitation);
  await Promise.all([sees(anna, 1), sees(boris, 1)]);
  const mine = (told) =>
    told.filter((line) => line.includes(invitation.participant)).map((line) => line.split(' ')[0]);
  await until('renews', () => server.get('/events').then(mine), (told) => told.length >= 3);
  assert.deepEqual(mine(await server.get('/events')), ['joined', 'left', 'joined']);
  await Promise.all([shows(anna, ['Boris']), shows(boris, ['Anna'])]);
  await Promise.all([goesOn(anna, 1), goesOn(boris, 1)]);
  assert.equal((await boris.call('snapshot')).state, 'connected');
  assert.deepEqual((await boris.call('received')).ways, ['relay tcp', 'relay tcp']);
  assert.deepEqual(await anna.call('counts'), [0, 1], 'neither missing nor double');
  await Promise.all([anna.close(), boris.close()]);
});
