import type { MemberImport } from './documents';

/** What a column of a register may hold. */
export type ImportField = NonNullable<MemberImport['columns'][number]['field']>;

/** The chosen meaning per column index; null: the column is not imported. */
export type Mapping = ReadonlyMap<number, ImportField | null>;

/** Why a mapping cannot be used yet. */
export type MappingProblem =
  | { kind: 'missing'; what: 'name' | 'birthDate' | 'unit' }
  | { kind: 'twice'; field: ImportField };

/** Everything that stands in the way: needed columns first, then fields chosen twice. */
export function mappingProblems(mapping: Mapping): MappingProblem[] {
  const chosen = [...mapping.values()].filter((field) => field !== null);
  const has = (field: ImportField) => chosen.includes(field);
  const problems: MappingProblem[] = [];
  if (!has('FULL_NAME') && !(has('SURNAME') && has('GIVEN_NAME'))) {
    problems.push({ kind: 'missing', what: 'name' });
  }
  if (!has('BIRTH_DATE')) problems.push({ kind: 'missing', what: 'birthDate' });
  if (!has('UNIT')) problems.push({ kind: 'missing', what: 'unit' });
  for (const field of new Set(chosen)) {
    if (chosen.filter((other) => other === field).length > 1) {
      problems.push({ kind: 'twice', field });
    }
  }
  return problems;
}

/** True when two mappings say the same about every column. */
export function sameMapping(a: Mapping, b: Mapping): boolean {
  return a.size === b.size && [...a].every(([index, field]) => b.get(index) === field);
}
