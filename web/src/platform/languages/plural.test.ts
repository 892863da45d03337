import { expect, test } from 'vitest';
import { pluralEn, pluralRu } from './plural';

test('russian_counts_take_the_right_form', () => {
  const members = (n: number) => pluralRu(n, '# член', '# члена', '# членов');
  expect([1, 2, 5, 11, 12, 21, 22, 25, 111, 0].map(members)).toEqual([
    '1 член',
    '2 члена',
    '5 членов',
    '11 членов',
    '12 членов',
    '21 член',
    '22 члена',
    '25 членов',
    '111 членов',
    '0 членов',
  ]);
});

test('english_counts_know_one_and_many', () => {
  expect([0, 1, 2].map((n) => pluralEn(n, '# row', '# rows'))).toEqual([
    '0 rows',
    '1 row',
    '2 rows',
  ]);
});
