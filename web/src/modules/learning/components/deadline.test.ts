import { expect, test } from 'vitest';
import { nearness } from './deadline';

const at = (text: string) => new Date(text).getTime();

test('a_deadline_tonight_is_today', () => {
  expect(nearness('2026-11-23T23:59:00', at('2026-11-23T09:00:00'))).toEqual({ kind: 'today' });
});

test('a_deadline_tomorrow_morning_is_in_one_day', () => {
  expect(nearness('2026-11-24T07:00:00', at('2026-11-23T23:00:00'))).toEqual({
    kind: 'soon',
    days: 1,
  });
});

test('a_week_ahead_is_near_and_more_is_not', () => {
  expect(nearness('2026-11-30T12:00:00', at('2026-11-23T09:00:00'))).toEqual({
    kind: 'soon',
    days: 7,
  });
  expect(nearness('2026-12-01T12:00:00', at('2026-11-23T09:00:00'))).toEqual({ kind: 'later' });
});

test('a_passed_deadline_is_overdue_from_the_first_minute', () => {
  expect(nearness('2026-11-23T08:59:00', at('2026-11-23T09:00:00'))).toEqual({
    kind: 'overdue',
    days: 0,
  });
  expect(nearness('2026-11-20T12:00:00', at('2026-11-23T09:00:00'))).toEqual({
    kind: 'overdue',
    days: 3,
  });
});
