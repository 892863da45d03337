import { expect, test } from 'vitest';
import { csv } from './csv';

function check(cell: string, written: string) {
  expect(csv([[cell]])).toBe(`\uFEFF${written}\r\n`);
}

test('plain_text_stays_as_it_is', () => check('Иванов', 'Иванов'));
test('separator_and_quotes_are_quoted', () =>
  check('ООО "Ромашка"; цех', '"ООО ""Ромашка""; цех"'));
test('line_breaks_stay_within_their_cell', () => check('а\nб', '"а\nб"'));

test.each(['=1+1', '+7 900', '-5', '@SUM(A1)', ' =1', '\t=1'])(
  'formula_%j_is_made_text',
  (text) => {
    const written = csv([[text]]).slice(1);
    expect(written.startsWith("'") || written.startsWith('"\'')).toBe(true);
  },
);

test('cells_are_separated_by_semicolons', () => {
  expect(
    csv([
      ['а', 'б'],
      ['в', ''],
    ]),
  ).toBe('\uFEFFа;б\r\nв;\r\n');
});
