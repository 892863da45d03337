import { expect, test } from 'vitest';
import { endOfDay, instantOf, localMoment, whole, wholeOrNone } from './whole';

test('a_blank_field_is_no_limit', () => {
  expect(wholeOrNone('  ', 1, 100)).toEqual({ ok: true, value: null });
  expect(whole('', 1, 100)).toBeNull();
});

test.each(['0', '101', '1,5', '-3', 'десять', '1e2'])('%j_is_not_within_1_and_100', (typed) => {
  expect(wholeOrNone(typed, 1, 100)).toEqual({ ok: false });
});

test('a_moment_goes_into_the_field_and_comes_back', () => {
  const instant = instantOf('2026-11-23T18:30');
  expect(localMoment(instant)).toBe('2026-11-23T18:30');
  expect(instantOf('')).toBeNull();
  expect(instantOf('вчера')).toBeNull();
});

test('until_a_day_includes_that_day', () => {
  const end = new Date(endOfDay('2026-11-23') ?? '');
  expect([end.getDate(), end.getHours(), end.getMinutes()]).toEqual([23, 23, 59]);
  expect(endOfDay('')).toBeNull();
});
