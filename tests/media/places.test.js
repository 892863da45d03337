import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { openPage, startBrowser, startServer } from './server.js';
import { goesOn, query, sees, shows, until } from './steps.js';

let server;
let browser;

before(async () => {
  server = await startServer();
  browser = await startBrowser({ hideAddresses: true });
});

after(async () => {
  await browser?.close();
  await server?.close();
});

async function enter(how, invitation, permissions) {
  const page = await openPage(browser, server.address, permissions);
  await page.call(how, invitation);
  return page;
}

test('who joins again elsewhere takes their own place, and the others see neither a gap nor a double', async () => {
  const room = randomUUID();
  const boris = query(room, 'Boris');
  const anna = await enter('join', query(room, 'Anna'));
  const first = await enter('join', boris);
  await Promise.all([sees(anna, 1, 10), sees(first, 1, 10)]);

  const second = await enter('join', boris);
  const { reason } = await until('gives way', () => first.call('snapshot'), ({ state }) => state === 'closed');
  assert.equal(reason, 'replaced');
  await sees(second, 1, 10);
  await goesOn(anna, 1);
  await shows(anna, ['Boris']);
  assert.deepEqual(await anna.call('counts'), [0, 1]);
  const told = (await server.get('/events'))
    .map((line) => line.split(' '))
    .filter(([, participant]) => participant === boris.participant)
    .map(([what]) => what);
  assert.deepEqual(told, ['joined', 'left', 'joined']);
  await Promise.all([anna.close(), first.close(), second.close()]);
});

test('who allows no devices and hides their addresses is reached none the less', async () => {
  const room = randomUUID();
  const anna = await enter('join', query(room, 'Anna'));
  const listener = await enter('joinBare', query(room, 'Listener'), []);
  await sees(listener, 1, 10);
  await Promise.all([anna.close(), listener.close()]);
  await until(
    'empty',
    () => server.get('/load'),
    ({ rooms, participants, peers, sessions }) => rooms + participants + peers + sessions === 0,
  );
});
