import { expect, test } from 'vitest';
import { clockFace, passedMark, urgency } from './clock';

test.each([
  [0, '0:00'],
  [-5, '0:00'],
  [8.2, '0:09'],
  [750, '12:30'],
  [3900, '1:05:00'],
])('%d_seconds_are_%s', (seconds, face) => {
  expect(clockFace(seconds)).toBe(face);
});

test('the_last_minute_is_pressing_and_the_last_quarter_near', () => {
  expect(urgency(1000, 1200)).toBe('calm');
  expect(urgency(299, 1200)).toBe('soon');
  expect(urgency(299, 400)).toBe('calm');
  expect(urgency(60, 1200)).toBe('last');
  expect(urgency(0, 1200)).toBe('over');
});

test('each_mark_is_told_once', () => {
  expect(passedMark(301, 300)).toBe(300);
  expect(passedMark(300, 299)).toBeNull();
  // A tab asleep wakes behind several marks: only the latest matters.
  expect(passedMark(700, 40)).toBe(60);
});
