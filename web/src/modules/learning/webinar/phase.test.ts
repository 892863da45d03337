import { expect, test } from 'vitest';
import { webinarPhase } from './phase';

const start = '2026-11-23T10:00:00Z';
const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);

test.each([
  ['09:44:59', 'before'],
  ['09:45:00', 'now'],
  ['10:59:59', 'now'],
  ['11:00:00', 'over'],
])('at_%s_a_webinar_of_an_hour_at_ten_is_%s', (time, phase) => {
  expect(webinarPhase(start, 60, at(time))).toBe(phase);
});

test('without_a_time_there_is_no_way_in', () => {
  expect(webinarPhase(null, 60, at('10:00:00'))).toBe('unset');
});
