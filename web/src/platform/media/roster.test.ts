import { expect, test } from 'vitest';
import type { ParticipantView } from './protocol';
import { arrange, follow, mark, type Roster } from './roster';

const off = { microphone: false, camera: false, screen: false };

function view(participant: string, more: Partial<ParticipantView> = {}): ParticipantView {
  return {
    participant,
    connection: `${participant}-1`,
    name: participant.toUpperCase(),
    label: 'ППО № 1',
    media: off,
    published: [],
    ...more,
  };
}

const both: Roster = follow([], {
  type: 'welcome',
  version: 1,
  participant: 'me',
  participants: [view('a'), view('b')],
});

test('people appear, switch, and go', () => {
  expect(both.map((one) => one.id)).toEqual(['a', 'b']);
  const on = follow(both, {
    type: 'media_changed',
    participant: 'b',
    media: { ...off, microphone: true },
  });
  expect(on[1]).toMatchObject({ microphone: true, camera: false });
  const rest = follow(on, { type: 'participant_left', participant: 'a', connection: 'a-1' });
  expect(rest.map((one) => one.id)).toEqual(['b']);
});

test('somebody who connects anew keeps their place and is not doubled', () => {
  const again = follow(both, {
    type: 'participant_joined',
    participant: view('a', { connection: 'a-2', media: { ...off, camera: true } }),
  });
  expect(again.map((one) => [one.id, one.camera])).toEqual([
    ['a', true],
    ['b', false],
  ]);
});

test('messages about other things change nothing', () => {
  expect(follow(both, { type: 'pong', id: 1 })).toBe(both);
  expect(mark(both, new Set())).toBe(both);
  expect(arrange(both, [], () => null)).toBe(both);
});

test('who is muted does not speak', () => {
  const on = follow(both, {
    type: 'media_changed',
    participant: 'b',
    media: { ...off, microphone: true },
  });
  expect(mark(on, new Set(['a', 'b'])).map((one) => one.speaking)).toEqual([false, true]);
});
