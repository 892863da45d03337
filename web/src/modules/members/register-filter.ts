import type { VariablesOf } from '#platform/client';
import type { MembersQuery } from './documents';

/** What the server filters by. */
export type FilterInput = NonNullable<VariablesOf<typeof MembersQuery>['filter']>;
type Office = NonNullable<FilterInput['offices']>[number];
type Consent = NonNullable<FilterInput['consent']>[number];

/** What the reader has chosen; an empty text or null is no filter. */
export type RegisterFilter = {
  unit: string | null;
  office: Office | '';
  consent: Consent | '';
  sex: 'FEMALE' | 'MALE' | '';
  ageFrom: string;
  ageTo: string;
  email: 'yes' | 'no' | '';
  account: 'yes' | 'no' | '';
  left: boolean;
};

export const noFilter: RegisterFilter = {
  unit: null,
  office: '',
  consent: '',
  sex: '',
  ageFrom: '',
  ageTo: '',
  email: '',
  account: '',
  left: false,
};

/** An age from 0 to 120, or null for what is none. */
export function parseAge(text: string): number | null {
  if (!/^\d{1,3}$/.test(text.trim())) return null;
  const age = Number(text);
  return age <= 120 ? age : null;
}

/** The filter as the server takes it: only what is chosen. */
export function filterInput(filter: RegisterFilter, search: string): FilterInput {
  const input: FilterInput = {};
  if (search.trim()) input.search = search.trim();
  if (filter.unit) input.units = [filter.unit];
  if (filter.office) input.offices = [filter.office];
  if (filter.consent) input.consent = [filter.consent];
  if (filter.sex) input.sex = filter.sex;
  const from = parseAge(filter.ageFrom);
  const to = parseAge(filter.ageTo);
  if (from !== null) input.ageFrom = from;
  if (to !== null) input.ageTo = to;
  if (filter.email) input.hasEmail = filter.email === 'yes';
  if (filter.account) input.hasAccount = filter.account === 'yes';
  if (filter.left) input.states = ['LEFT'];
  return input;
}

/** A chosen criterion, in words, and the filter without it. */
export type Chip = { id: string; label: string; without: RegisterFilter };

/** The words that chips are made of. */
export type ChipWords = {
  unit: (id: string) => string;
  offices: Record<Office, string>;
  consents: Record<Consent, string>;
  sexes: Record<'FEMALE' | 'MALE', string>;
  ages: (from: number | null, to: number | null) => string;
  email: Record<'yes' | 'no', string>;
  account: Record<'yes' | 'no', string>;
  left: string;
};

/** What is chosen, one chip for each criterion. */
export function chipsOf(filter: RegisterFilter, words: ChipWords): Chip[] {
  const chips: Chip[] = [];
  const add = (id: string, label: string, change: Partial<RegisterFilter>) =>
    chips.push({ id, label, without: { ...filter, ...change } });
  if (filter.unit) add('unit', words.unit(filter.unit), { unit: null });
  if (filter.office) add('office', words.offices[filter.office], { office: '' });
  if (filter.consent) add('consent', words.consents[filter.consent], { consent: '' });
  if (filter.sex) add('sex', words.sexes[filter.sex], { sex: '' });
  const from = parseAge(filter.ageFrom);
  const to = parseAge(filter.ageTo);
  if (from !== null || to !== null) {
    add('age', words.ages(from, to), { ageFrom: '', ageTo: '' });
  }
  if (filter.email) add('email', words.email[filter.email], { email: '' });
  if (filter.account) add('account', words.account[filter.account], { account: '' });
  if (filter.left) add('left', words.left, { left: false });
  return chips;
}
