import { expect, test } from 'vitest';
import { beginOfDay, endOfDay, lastDay } from './days';

test('a term ends with the day that was chosen, not before it', () => {
  const end = endOfDay('2026-12-31');
  expect(new Date(end).getFullYear()).toBe(2027);
  expect(new Date(lastDay(end)).getDate()).toBe(31);
  expect(beginOfDay('2027-01-01')).toBe(end);
});
