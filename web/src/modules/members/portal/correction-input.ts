import type { VariablesOf } from '#platform/client';
import type { PersonDraft } from '../record/person-fields';
import type { MyRecord, RequestCorrection } from './documents';

type Input = VariablesOf<typeof RequestCorrection>['input'];
type Facts = Pick<MyRecord, keyof PersonDraft & keyof MyRecord>;

/** What is on record, as the form holds it. */
export function draftOf(record: Facts): PersonDraft {
  return {
    surname: record.surname,
    givenName: record.givenName,
    patronymic: record.patronymic ?? '',
    birthDate: record.birthDate,
    sex: record.sex ?? '',
    phone: record.phone ?? '',
    email: record.email ?? '',
    workplace: record.workplace ?? '',
    position: record.position ?? '',
  };
}

/** Only what differs from the record; what was emptied is null: to be cleared. */
export function correctionInput(record: Facts, draft: PersonDraft): Input {
  const before = draftOf(record);
  const keys = Object.keys(before) as (keyof PersonDraft)[];
  const changed = keys.filter((key) => draft[key].trim() !== before[key]);
  return Object.fromEntries(changed.map((key) => [key, draft[key].trim() || null])) as Input;
}
