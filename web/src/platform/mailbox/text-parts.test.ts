import { expect, test } from 'vitest';
import { textParts } from './text-parts';

function check(text: string, expected: [string, boolean][]) {
  expect(textParts(text).map((part) => [part.text, part.href !== null])).toEqual(expected);
}

test('an_address_is_set_apart_from_its_sentence', () =>
  check('Откройте http://127.0.0.1:8080/n/abc. Ждём вас', [
    ['Откройте ', false],
    ['http://127.0.0.1:8080/n/abc', true],
    ['. Ждём вас', false],
  ]));

test('text_without_address_stays_whole', () => check('Здравствуйте!', [['Здравствуйте!', false]]));

test('no_script_address_becomes_a_link', () =>
  check('javascript:alert(1)', [['javascript:alert(1)', false]]));
