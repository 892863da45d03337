import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Page, expect, test } from '@playwright/test';
import { address, ask, person, received, signIn } from './app';
import { callSession, enter, tenant } from './presidium';
import { type Served, serve } from './server';

let server: Served;
let shared: string | undefined;

test.beforeAll(async () => {
  server = await serve();
  shared = process.env.BASE_URL;
  process.env.BASE_URL = server.url;
});

test.afterAll(async () => {
  process.env.BASE_URL = shared;
  await server.stop();
});

type Film = { id: string; state: string; durationSeconds: number; chapters: { title: string; atSeconds: number }[] };
type Agenda = { node: { agenda: { id: string; title: string }[] } };
type Probed = {
  streams: { codec_type: string; codec_name: string; duration: string }[];
  format: { duration: string };
  chapters: { start_time: string; tags: { title: string } }[];
};

const FIELDS = 'recordings { id state durationSeconds chapters { title atSeconds } }';

/** The recordings of a session, as they are pushed first. */
async function recordings(page: Page, session: string): Promise<Film[]> {
  // Whoever may record is told all of them, whatever is asked for.
  const stop = `mutation($id: ID!) { stopRecording(session: $id) { ${FIELDS} } }`;
  const answer = await ask<{ stopRecording: { recordings: Film[] } }>(page, tenant, stop, { id: session });
  return answer.stopRecording.recordings;
}

/** Waits until it was so long ago, in seconds. */
async function until(began: number, seconds: number): Promise<void> {
  await expect.poll(() => Date.now() - began, { timeout: 90_000, intervals: [100] }).toBeGreaterThan(seconds * 1_000);
}

function probe(file: string): Probed {
  const wanted = ['-show_format', '-show_streams', '-show_chapters'];
  return JSON.parse(execFileSync('ffprobe', ['-loglevel', 'error', '-of', 'json', ...wanted, file]).toString());
}

/** How loud the film is, in decibels below the loudest, and how many of its pictures are none. */
function look(file: string): { volume: number; dark: number } {
  const filters = ['-vf', 'blackdetect=d=0.5:pix_th=0.25', '-af', 'volumedetect'];
  const run = ['-hide_banner', '-i', file, ...filters, '-f', 'null', '-'];
  const told = execFileSync('bash', ['-c', 'exec ffmpeg "$@" 2>&1', 'ffmpeg', ...run]).toString();
  const dark = [...told.matchAll(/black_duration:([\d.]+)/g)].reduce((sum, found) => sum + Number(found[1]), 0);
  return { volume: Number(/mean_volume: (-?[\d.]+)/.exec(told)?.[1]), dark };
}

test('a recording outlives the crash of its server', async ({ browser }, info) => {
  test.setTimeout(300_000);
  const admin = await person(browser);
  await signIn(admin.page, 'admin');
  const session = await callSession(admin.page);
  const chair = await person(browser);
  const member = await person(browser);
  await signIn(chair.page, 'chair', `/t/${tenant}/sessions/${session}/room`);
  await signIn(member.page, 'member1', `/t/${tenant}/sessions/${session}/room`);
  for (const { page } of [chair, member]) await enter(page);
  for (const { page } of [chair, member]) {
    await expect.poll(async () => (await received(page)).frames, { timeout: 60_000 }).toBeGreaterThan(10);
  }
  await expect(chair.page.getByTestId('quorum')).toHaveAttribute('data-reached', 'true');
  const agenda = await ask<Agenda>(
    chair.page,
    tenant,
    'query($id: ID!) { node(id: $id) { ... on Session { agenda { id title } } } }',
    { id: session },
  );
  const take = (item?: { id: string }) =>
    ask(chair.page, tenant, 'mutation($id: ID!) { takeAgendaItem(item: $id) { status } }', { id: item?.id });
  await ask(chair.page, tenant, 'mutation($id: ID!) { openSession(session: $id) { status } }', { id: session });

  await ask(chair.page, tenant, 'mutation($id: ID!) { startRecording(session: $id) { canManage } }', { id: session });
  const began = Date.now();
  await until(began, 5);
  await take(agenda.node.agenda[0]);
  await until(began, 20);
  await take(agenda.node.agenda[1]);
  await until(began, 40);
  await server.crash();

  // Both are back by themselves, and the recording goes on.
  for (const { page } of [chair, member]) {
    await expect(page.getByTestId('room')).toHaveAttribute('data-state', 'connected', { timeout: 60_000 });
  }
  const back = (Date.now() - began) / 1_000;
  await until(began, 60);
  await ask(chair.page, tenant, 'mutation($id: ID!) { closeSession(session: $id) { status } }', { id: session });

  let film: Film | undefined;
  const state = async () => {
    film = (await recordings(chair.page, session))[0];
    return film?.state;
  };
  await expect.poll(state, { timeout: 150_000, intervals: [1_000] }).toBe('READY');
  const path = await ask<{ recordingPath: string }>(
    member.page,
    tenant,
    'query($id: ID!) { recordingPath(recording: $id) }',
    { id: film?.id },
  );
  mkdirSync(info.outputDir, { recursive: true });
  const file = join(info.outputDir, 'film.mp4');
  const fetched = await member.page.request.get(address(path.recordingPath));
  expect(fetched.headers()['content-type']).toBe('video/mp4');
  writeFileSync(file, await fetched.body());
  const probed = probe(file);
  const plays = Number(probed.format.duration);
  const { volume, dark } = look(file);
  console.log(JSON.stringify({ plays, back, volume, dark, chapters: film?.chapters }));

  // At most 5 s are lost before the crash.
  expect(plays).toBeGreaterThanOrEqual(35);
  expect(Math.abs((film?.durationSeconds ?? 0) - plays)).toBeLessThan(2);
  expect(probed.streams.map((stream) => stream.codec_name)).toEqual(expect.arrayContaining(['h264', 'aac']));
  expect(volume).toBeGreaterThan(-50);
  expect(dark).toBeLessThan(plays / 4);
  const chapters = probed.chapters.map((chapter) => [chapter.tags.title, Number(chapter.start_time)] as const);
  const items = agenda.node.agenda.map((item, at) => `${at + 1}. ${item.title}`);
  expect(chapters.map(([title]) => title)).toEqual(['Начало записи', ...items]);
  for (const [place, second] of [0, 5, 20].entries()) {
    expect(Math.abs((chapters[place]?.[1] ?? 0) - second)).toBeLessThan(3);
  }
  for (const one of [admin, chair, member]) await one.context.close();
});
