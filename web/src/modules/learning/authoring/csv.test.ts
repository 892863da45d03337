import { expect, test } from 'vitest';
import { csvOf } from './csv';

test('cells_are_quoted_only_where_needed', () => {
  expect(csvOf([['Иванов; И.', 'он сказал "да"', 5, null]])).toBe(
    '\uFEFF"Иванов; И.";"он сказал ""да""";5;\r\n',
  );
});

test.each(['=1+1', '+7', '-2', '@cmd', '\t=1'])('%j_does_not_run_as_a_formula', (text) => {
  expect(csvOf([[text]])).toBe(`\uFEFF'${text}\r\n`);
});
