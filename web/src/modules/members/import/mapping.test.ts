import { expect, test } from 'vitest';
import { type ImportField, type MappingProblem, mappingProblems, sameMapping } from './mapping';

const of = (...fields: (ImportField | null)[]) => new Map(fields.map((field, at) => [at, field]));

function check(fields: (ImportField | null)[], expected: MappingProblem[]) {
  expect(mappingProblems(of(...fields))).toEqual(expected);
}

test('full_name_birth_date_and_unit_suffice', () => check(['FULL_NAME', 'BIRTH_DATE', 'UNIT'], []));

test('surname_and_given_name_replace_the_full_name', () =>
  check(['SURNAME', 'GIVEN_NAME', 'BIRTH_DATE', 'UNIT'], []));

test('surname_alone_is_no_name', () =>
  check(['SURNAME', 'BIRTH_DATE', 'UNIT'], [{ kind: 'missing', what: 'name' }]));

test('every_missing_column_is_named', () =>
  check(
    [null, null],
    [
      { kind: 'missing', what: 'name' },
      { kind: 'missing', what: 'birthDate' },
      { kind: 'missing', what: 'unit' },
    ],
  ));

test('a_field_chosen_twice_is_refused_once', () =>
  check(
    ['FULL_NAME', 'BIRTH_DATE', 'UNIT', 'PHONE', 'PHONE'],
    [{ kind: 'twice', field: 'PHONE' }],
  ));

test('a_changed_column_makes_another_mapping', () => {
  expect(sameMapping(of('PHONE', null), of('PHONE', null))).toBe(true);
  expect(sameMapping(of('PHONE', null), of('PHONE', 'EMAIL'))).toBe(false);
});
