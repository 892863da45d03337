// What tests ask of pages, and how they wait for it: until a condition holds, never for a time.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

export const LIMIT_MS = 30_000;

/** Asks until the answer passes; fails with the last one. */
export async function until(what, ask, passes) {
  const end = Date.now() + LIMIT_MS;
  for (;;) {
    const answer = await ask();
    if (passes(answer)) return answer;
    assert.ok(Date.now() < end, `${what}: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function query(room, name, participant = randomUUID()) {
  return { room, participant, name };
}

const playing = (streams, least) => streams.filter(least).length;

export function sees(page, others, frames = 100) {
  return until(
    `sees ${others}`,
    () => page.call('received'),
    ({ video, audio }) =>
      playing(video, (one) => one.frames > frames) === others && playing(audio, (one) => one.energy > 0) === others,
  );
}

export function shows(page, names) {
  return until(
    `shows ${names}`,
    () => page.call('snapshot'),
    ({ participants }) => participants.map(({ name }) => name).join() === names.join(),
  );
}

/** Frames go on being decoded. */
export async function goesOn(page, others) {
  const total = ({ video }) => video.reduce((sum, { frames }) => sum + frames, 0);
  const before = total(await page.call('received'));
  await until('goes on', () => page.call('received'), (now) => total(now) > before + 10 * others);
}
