import { type Browser, type Page, expect, test } from '@playwright/test';
import { ask, fits, person, picture, signIn } from './app';
import { type Pooled, serveTogether } from './pool';
import { callSession, enter, tenant } from './presidium';

let pool: Pooled;
let shared: string | undefined;

test.beforeAll(async () => {
  pool = await serveTogether(['north', 'south']);
  shared = process.env.BASE_URL;
  process.env.BASE_URL = pool.url;
});

test.afterAll(async () => {
  process.env.BASE_URL = shared;
  await pool.stop();
});

const MORE = [
  ['Белова Татьяна Николаевна', 'member2', 'MEMBER', 'Профсоюз образования'],
  ['Воробьёв Денис Олегович', 'member3', 'MEMBER', 'Профсоюз образования'],
  ['Гусева Анна Ильинична', 'member4', 'MEMBER', 'Профсоюз образования'],
];

type State = {
  node: {
    attendance: { present: boolean }[];
    interruptions: { beganAt: string; endedAt: string | null }[];
    openVote: { id: string; castCount: number; viewerChoice: string | null } | null;
    agenda: { id: string; votes: { result: { for: number; against: number; notVoted: number } | null }[] }[];
  };
};

const STATE = `query($id: ID!) { node(id: $id) { ... on Session {
  attendance { present } interruptions { beganAt endedAt } openVote { id castCount viewerChoice }
  agenda { id votes { result { for against notVoted } } } } } }`;

async function stateOf(page: Page, session: string): Promise<State['node']> {
  return (await ask<State>(page, tenant, STATE, { id: session })).node;
}

/** Pictures that a page has decoded of connections which it made after its first `from`. */
function decoded(page: Page, from: number): Promise<number> {
  return page.evaluate(async (from) => {
    const peers = (window as unknown as { testPeers: RTCPeerConnection[] }).testPeers.slice(from);
    let frames = 0;
    for (const peer of peers) {
      if (peer.connectionState === 'closed') continue;
      for (const one of (await peer.getStats()).values()) {
        if (one.type === 'inbound-rtp' && one.kind === 'video') frames += one.framesDecoded ?? 0;
      }
    }
    return frames;
  }, from);
}

const connections = (page: Page) =>
  page.evaluate(() => (window as unknown as { testPeers: RTCPeerConnection[] }).testPeers.length);

/** Milliseconds until each page receives pictures by connections of its own that are new since `before`. */
async function untilMedia(pages: Page[], before: number[], began: number): Promise<number[]> {
  const wait = async (page: Page, from: number) => {
    await expect.poll(() => decoded(page, from), { timeout: 60_000, intervals: [100] }).toBeGreaterThan(0);
    return Date.now() - began;
  };
  return Promise.all(pages.map((page, at) => wait(page, before[at] ?? 0)));
}

/** Several people, each in the room by a server of their own choice. */
async function gather(browser: Browser, session: string, accounts: string[]): Promise<Page[]> {
  const pages: Page[] = [];
  for (const [at, account] of accounts.entries()) {
    pool.prefer(at % 2 === 0 ? 'north' : 'south');
    const { page } = await person(browser);
    await signIn(page, account, `/t/${tenant}/sessions/${session}/room`);
    await enter(page);
    pages.push(page);
  }
  pool.prefer(null);
  for (const page of pages) {
    await expect.poll(() => decoded(page, 0), { timeout: 60_000 }).toBeGreaterThan(10);
  }
  return pages;
}

test('a session outlives the server that carries it', async ({ browser }) => {
  test.setTimeout(300_000);
  const admin = await person(browser);
  await signIn(admin.page, 'admin');
  const session = await callSession(admin.page, 'Президиум двух серверов', MORE);
  const pages = await gather(browser, session, ['chair', 'secretary', 'member1', 'member2', 'member3', 'member4']);
  const [chair, secretary] = pages as [Page, Page];
  // All see one another, whichever server they came by.
  for (const page of pages) await expect(page.getByTestId('tile')).toHaveCount(6);

  await ask(chair, tenant, 'mutation($id: ID!) { openSession(session: $id) { status } }', { id: session });
  const item = (await stateOf(chair, session)).agenda[0]?.id;
  await ask(chair, tenant, 'mutation($id: ID!) { takeAgendaItem(item: $id) { status } }', { id: item });
  await ask(chair, tenant, 'mutation($item: ID!) { openVote(input: { item: $item, motion: "Утвердить" }) { status } }', { item });
  const vote = (await stateOf(chair, session)).openVote?.id;
  const cast = (page: Page, choice: string) =>
    ask(page, tenant, `mutation($vote: ID!) { castBallot(vote: $vote, choice: ${choice}) { status } }`, { vote });
  await cast(chair, 'FOR');
  await cast(secretary, 'AGAINST');

  // The first who came was led to north, and the room was placed there.
  const before = await Promise.all(pages.map(connections));
  const killed = Date.now();
  await pool.kill('north');
  const times = (await untilMedia(pages, before, killed)).sort((one, other) => one - other);
  const seconds = times.map((time) => time / 1_000);
  const within10 = seconds.filter((time) => time <= 10).length / seconds.length;
  console.log(JSON.stringify({ media_again_s: seconds, within_10_s: within10 }));
  // How many are back within ten seconds is printed: on a busy machine that says more of the machine.
  expect(seconds.at(-1)).toBeLessThanOrEqual(20);

  // Presence, the vote and what was cast in it are whole.
  await expect
    .poll(async () => (await stateOf(chair, session)).attendance.filter((one) => one.present).length)
    .toBe(6);
  const after = await stateOf(chair, session);
  expect(after.openVote).toEqual({ id: vote, castCount: 2, viewerChoice: 'FOR' });
  await cast(pages[2] as Page, 'FOR');
  await ask(chair, tenant, 'mutation($id: ID!) { closeVote(vote: $id) { status } }', { id: vote });
  const closed = await stateOf(chair, session);
  expect(closed.agenda[0]?.votes[0]?.result).toEqual({ for: 2, against: 1, notVoted: 3 });

  // The session tells of it.
  expect(closed.interruptions).toHaveLength(1);
  const { beganAt, endedAt } = closed.interruptions[0] ?? { beganAt: '', endedAt: null };
  expect(Math.abs(Date.parse(beganAt) - killed)).toBeLessThan(3_000);
  expect(Date.parse(endedAt ?? '')).toBeGreaterThan(Date.parse(beganAt));
  const reader = await admin.context.newPage();
  await reader.goto(`${pool.url}/t/${tenant}/sessions/${session}`);
  await expect(reader.getByTestId('interruptions')).toContainText(/с \d\d:\d\d:\d\d до \d\d:\d\d:\d\d/);
  await picture(reader, 'interruption-desktop');
  await reader.setViewportSize({ width: 390, height: 844 });
  await reader.getByTestId('interruptions').scrollIntoViewIfNeeded();
  await fits(reader);
  await picture(reader, 'interruption-phone');

  // A server that is told to end hands its rooms over.
  await pool.begin('north');
  const planned = await Promise.all(pages.map(connections));
  const told = Date.now();
  await pool.end('south');
  const handed = await untilMedia(pages, planned, told);
  console.log(JSON.stringify({ handed_over_s: handed.map((time) => time / 1_000) }));
  expect(Math.max(...handed)).toBeLessThanOrEqual(20_000);

  // Whoever ends the session does so for everybody, by whichever server.
  await ask(chair, tenant, 'mutation($id: ID!) { closeSession(session: $id) { status } }', { id: session });
  for (const page of pages) await expect(page.getByTestId('room')).toHaveCount(0);
});

test('a broadcast is watched by a server that has not the room', async ({ browser }) => {
  await pool.begin('south');
  const admin = await person(browser);
  await signIn(admin.page, 'admin');
  const session = await callSession(admin.page, 'Президиум с трансляцией');
  const [chair] = (await gather(browser, session, ['chair', 'secretary'])) as [Page, Page];
  const panel = chair.getByTestId('broadcast');
  await panel.getByRole('button', { name: 'Начать трансляцию' }).click();
  await chair.getByRole('dialog').getByRole('button', { name: 'Начать трансляцию' }).click();
  const link = await panel.getByLabel('Ссылка для зрителей').inputValue();

  // The room is where its first participant came to.
  pool.prefer('south');
  const { page: viewer } = await person(browser);
  const locations: string[] = [];
  viewer.on('response', (response) => {
    if (response.url().endsWith('/sfu/whep')) locations.push(response.headers().location ?? '');
  });
  await viewer.goto(link);
  await expect.poll(() => decoded(viewer, 0), { timeout: 60_000 }).toBeGreaterThan(10);
  const location = locations.at(-1) ?? '';
  expect(location).toMatch(/^\/sfu\/exchange\/[0-9a-f-]{36}\?at=(north|south)$/);

  // By any server it is ended, and once.
  for (const name of ['north', 'south']) {
    pool.prefer(name);
    const ended = await admin.page.request.delete(`${pool.url}${location}`);
    expect(ended.status()).toBe(name === 'north' ? 200 : 404);
  }
  pool.prefer(null);
});
