import { expect, test } from 'vitest';
import { agendaInput, type DraftItem, isBlank, moved, newItem } from './agenda';

const items: DraftItem[] = ['первый', 'второй', 'третий'].map((title, key) => ({
  ...newItem(key),
  title,
}));

function check(index: number, step: -1 | 1, order: string[]) {
  expect(moved(items, index, step).map((item) => item.title)).toEqual(order);
}

test('an_item_moves_up', () => check(2, -1, ['первый', 'третий', 'второй']));
test('an_item_moves_down', () => check(0, 1, ['второй', 'первый', 'третий']));
test('the_first_item_stays_first', () => check(0, -1, ['первый', 'второй', 'третий']));
test('the_last_item_stays_last', () => check(2, 1, ['первый', 'второй', 'третий']));

test('blank_items_are_not_sent', () => {
  expect(isBlank(newItem(1))).toBe(true);
  expect(agendaInput([newItem(1), { ...newItem(2), title: ' Бюджет ', speaker: ' ' }])).toEqual([
    { title: 'Бюджет', speaker: null, draftDecision: null, materials: [] },
  ]);
});

test('an_item_without_title_but_with_speaker_is_not_blank', () => {
  expect(isBlank({ ...newItem(1), speaker: 'Петрова' })).toBe(false);
});
