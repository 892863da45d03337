import { expect, test } from 'vitest';
import { linked, prefixed, wrapped } from './edit';

test('marks_go_on_and_off', () => {
  const on = wrapped({ text: 'наше право', from: 5, to: 10 }, '**', 'текст');
  expect(on).toEqual({ text: 'наше **право**', from: 7, to: 12 });
  expect(wrapped(on, '**', 'текст')).toEqual({ text: 'наше право', from: 5, to: 10 });
});

test('without_a_selection_a_word_is_put_in_to_type_over', () => {
  expect(wrapped({ text: '', from: 0, to: 0 }, '*', 'текст')).toEqual({
    text: '*текст*',
    from: 1,
    to: 6,
  });
});

test('all_selected_lines_become_a_list_and_lines_again', () => {
  const list = prefixed({ text: 'а\nб\nв', from: 1, to: 3 }, (n) => `${n + 1}. `);
  expect(list).toEqual({ text: '1. а\n2. б\nв', from: 0, to: 9 });
  expect(prefixed(list, (n) => `${n + 1}. `).text).toBe('а\nб\nв');
});

test('a_link_waits_for_its_address', () => {
  const made = linked({ text: 'устав', from: 0, to: 5 }, 'текст');
  expect(made.text).toBe('[устав](https://)');
  expect(made.text.slice(made.from, made.to)).toBe('https://');
});
