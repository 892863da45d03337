import { expect, test } from 'vitest';
import { grid } from './grid';

function check(count: number, width: number, height: number, columns: number) {
  const found = grid(count, width, height, 8);
  expect(found.columns).toBe(columns);
  expect(found.tileWidth * found.columns + 8 * (found.columns - 1)).toBeLessThanOrEqual(width);
}

test('one_fills_the_stage', () => check(1, 1600, 900, 1));
test('two_stand_side_by_side_on_a_wide_stage', () => check(2, 1600, 700, 2));
test('two_stand_above_each_other_on_a_phone', () => check(2, 390, 600, 1));
test('four_make_a_square', () => check(4, 1600, 900, 2));
test('fifteen_fit', () => check(15, 1600, 900, 4));
test('no_room_gives_no_width', () => expect(grid(3, 0, 0, 8).tileWidth).toBe(0));
