// What a participant gets follows their connection and what their page shows.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { openLink } from './link.js';
import { openPage, startBrowser, startServer } from './server.js';
import { goesOn, query, sees, until } from './steps.js';

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

const LARGE = { width: 960, height: 540, frameRate: 15 };
/** A picture of a third and of the half is sent beside the large one. */
const heights = ({ video }) => video.map(({ height }) => height);

/** Waits until every picture that the page gets passes; how long that took, in milliseconds. */
async function gets(page, what, passes) {
  const began = performance.now();
  await until(what, () => page.call('received'), (now) => now.video.length > 0 && heights(now).every(passes));
  return Math.round(performance.now() - began);
}

/** Waits until no large picture comes: each is small, or left out. How long that took, in milliseconds. */
async function isRelieved(page) {
  const began = performance.now();
  const last = new Map();
  const large = async () => {
    const { video } = await page.call('received');
    const now = performance.now();
    return video.filter(({ mid, frames, height }) => {
      if (last.get(mid)?.frames !== frames) last.set(mid, { frames, at: now });
      return height > 300 && now - last.get(mid).at < 400;
    }).length;
  };
  await until('no large pictures', large, (count) => count === 0);
  return Math.round(performance.now() - began);
}

/** Waits until no picture comes any more. */
async function rests(page) {
  const frames = async () => (await page.call('received')).video[0].frames;
  let before = await frames();
  const more = async () => {
    const last = before;
    before = await frames();
    return before - last;
  };
  await until('nothing more comes', more, (came) => came === 0);
}

/** A page that sends its picture in several qualities, and receives by a link if there is one. */
async function joined(room, name, link) {
  const page = await openPage(browser, server.address);
  if (link) await page.call('throughPort', link.port);
  await page.call('join', query(room, name), LARGE);
  return page;
}

test('a connection that becomes narrow gets smaller pictures, and large ones again when it is wide', async (t) => {
  const room = randomUUID();
  const link = await openLink(await server.get('/media'));
  const [anna, boris, vera] = [await joined(room, 'Anna'), await joined(room, 'Boris'), await joined(room, 'Vera', link)];
  await Promise.all([sees(anna, 2, 10), sees(boris, 2, 10), sees(vera, 2, 10)]);
  const sent = await until(
    'sends several qualities',
    () => anna.call('sent'),
    (layers) => layers.filter(({ frames }) => frames > 10).length >= 2,
  );
  t.diagnostic(`sent: ${JSON.stringify(sent)}`);
  await gets(vera, 'large pictures', (height) => height > 300);

  link.down.bitsPerSecond = 450_000;
  const down = await isRelieved(vera);
  link.down.bitsPerSecond = Infinity;
  const up = await gets(vera, 'large pictures again', (height) => height > 300);
  t.diagnostic(`${down} ms until the pictures were small, ${up} ms until they were large again`);
  await Promise.all([anna, boris, vera].map((page) => page.close()));
  link.close();
});

test('a page gets pictures as large as it shows them, and none that it does not show', async () => {
  const room = randomUUID();
  const [anna, boris] = [await joined(room, 'Anna'), await joined(room, 'Boris')];
  await sees(boris, 1, 10);
  await gets(boris, 'a large picture', (height) => height > 300);
  await boris.call('show', 100);
  await gets(boris, 'a small picture', (height) => height < 300);
  await boris.call('show', 0);
  await rests(boris);
  await boris.call('show', 600);
  await gets(boris, 'a large picture again', (height) => height > 300);
  await boris.call('pictures', false);
  await rests(boris);
  const heard = async () => (await boris.call('received')).audio[0].energy;
  const before = await heard();
  await until('voices go on', heard, (energy) => energy > before);
  await boris.call('pictures', true);
  await goesOn(boris, 1);
  await Promise.all([anna, boris].map((page) => page.close()));
});

test('another network carries on where the first one stopped, and nobody sees anybody leave', async () => {
  const room = randomUUID();
  const media = await server.get('/media');
  const [home, mobile] = [await openLink(media), await openLink(media)];
  const [anna, boris] = [await joined(room, 'Anna'), await joined(room, 'Boris', home)];
  await Promise.all([sees(anna, 1, 10), sees(boris, 1, 10)]);
  const connections = async () => (await server.get('/events')).length;
  const before = await connections();
  await boris.call('throughPort', mobile.port);
  home.close();
  await Promise.all([goesOn(anna, 1), goesOn(boris, 1)]);
  // What was on its way when the link was cut came at once; what comes now came by the other.
  await Promise.all([goesOn(anna, 1), goesOn(boris, 1)]);
  assert.equal(await connections(), before, 'it is the same connection');
  await Promise.all([anna, boris].map((page) => page.close()));
  mobile.close();
});

test('with a twentieth of all packets lost on both ways pictures go on', async (t) => {
  const room = randomUUID();
  const link = await openLink(await server.get('/media'));
  link.down.lostPercent = 5;
  link.up.lostPercent = 5;
  const [anna, boris] = [await joined(room, 'Anna'), await joined(room, 'Boris', link)];
  await Promise.all([sees(anna, 1, 10), sees(boris, 1, 10)]);
  for (const page of [anna, boris]) await page.call('watchGaps');
  await Promise.all([sees(anna, 1, 250), sees(boris, 1, 250)]);
  for (const [name, page] of Object.entries({ anna, boris })) {
    const { longest, frames } = await page.call('gaps');
    t.diagnostic(`${name}: ${frames} pictures, at most ${Math.round(longest)} ms between two`);
    assert.ok(frames > 100 && longest <= 1_000, `${name}: ${longest} ms`);
  }
  await Promise.all([anna, boris].map((page) => page.close()));
  link.close();
});
