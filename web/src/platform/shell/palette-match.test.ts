import { expect, test } from 'vitest';
import { matching } from './palette-match';

const options = [{ label: 'Реестр' }, { label: 'Назначить заседание' }, { label: 'Учёт приёма' }];

function check(query: string, labels: string[]) {
  expect(matching(options, query).map((option) => option.label)).toEqual(labels);
}

test('every_word_must_occur', () => check('засед назн', ['Назначить заседание']));
test('yo_equals_ye', () => check('учет', ['Учёт приёма']));
test('nothing_typed_shows_all', () =>
  check(
    '  ',
    options.map((option) => option.label),
  ));
