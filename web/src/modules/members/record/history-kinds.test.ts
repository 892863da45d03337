import { expect, test } from 'vitest';
import { byDay, TOPICS, topicOf } from './history-kinds';
import { recordTexts } from './texts';

test('every kind of fact has one topic', () => {
  const listed = Object.values(TOPICS).flatMap(({ kinds }) => kinds as string[]);
  expect([...listed].sort()).toEqual(Object.keys(recordTexts.ru.history).sort());
  expect(topicOf('CERTIFICATE_ISSUED')).toBe('learning');
});

test('facts are grouped by the day on which they happened, in their order', () => {
  const facts = ['2026-11-23T20:00:00', '2026-11-23T09:00:00', '2026-11-20T09:00:00'].map((at) => ({
    at,
  }));
  expect(byDay(facts).map(({ entries }) => entries.map((entry) => entry.at))).toEqual([
    ['2026-11-23T20:00:00', '2026-11-23T09:00:00'],
    ['2026-11-20T09:00:00'],
  ]);
  expect(byDay([])).toEqual([]);
});
