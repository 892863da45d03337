import { expect, test } from 'vitest';
import { chapterAt } from './chapters';

const chapters = [
  { title: 'О бюджете', atSeconds: 40 },
  { title: 'О проведении дня', atSeconds: 300 },
  { title: 'Разное', atSeconds: 3_700 },
];

function check(second: number, title: string | undefined): void {
  expect(chapters[chapterAt(chapters, second)]?.title).toBe(title);
}

test('a_chapter_lasts_until_the_next_begins', () => {
  check(40, 'О бюджете');
  check(299, 'О бюджете');
  check(300, 'О проведении дня');
  check(9_000, 'Разное');
});

test('before_the_first_item_no_chapter_is_on', () => {
  check(0, undefined);
  check(39, undefined);
  expect(chapterAt([], 10)).toBe(-1);
});

test('a_chapter_is_on_where_the_browser_seeks_to_just_before_it', () => {
  check(299.96, 'О проведении дня');
});
