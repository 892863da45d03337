import { NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { useTexts } from '#platform/languages';
import { recordTexts } from './texts';

/** What a person's form holds; blank is not given. */
export type PersonDraft = {
  surname: string;
  givenName: string;
  patronymic: string;
  birthDate: string;
  sex: string;
  phone: string;
  email: string;
  workplace: string;
  position: string;
};

export const blankPerson: PersonDraft = {
  surname: '',
  givenName: '',
  patronymic: '',
  birthDate: '',
  sex: '',
  phone: '',
  email: '',
  workplace: '',
  position: '',
};

/** The fields of a person, with what is wrong beside each. */
export function PersonFields(props: {
  draft: PersonDraft;
  faults: Record<string, string>;
  onChange: (draft: PersonDraft) => void;
}) {
  const t = useTexts(recordTexts);
  const { draft, faults } = props;
  const set = (key: keyof PersonDraft, value: string) => props.onChange({ ...draft, [key]: value });
  const text = (
    key: keyof PersonDraft,
    label: string,
    type: 'text' | 'date' | 'tel' | 'email' = 'text',
    required = false,
  ) => (
    <TextInput
      label={label}
      type={type}
      required={required}
      value={draft[key]}
      error={faults[key]}
      onChange={(event) => set(key, event.currentTarget.value)}
    />
  );
  const f = t.fields;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
      {text('surname', f.SURNAME, 'text', true)}
      {text('givenName', f.GIVEN_NAME, 'text', true)}
      {text('patronymic', f.PATRONYMIC)}
      {text('birthDate', f.BIRTH_DATE, 'date', true)}
      <NativeSelect
        label={f.SEX}
        value={draft.sex}
        error={faults.sex}
        onChange={(event) => set('sex', event.currentTarget.value)}
        data={[
          { value: '', label: t.notGiven },
          { value: 'FEMALE', label: t.sexes.FEMALE },
          { value: 'MALE', label: t.sexes.MALE },
        ]}
      />
      {text('phone', f.PHONE, 'tel')}
      {text('email', f.EMAIL, 'email')}
      {text('workplace', f.WORKPLACE)}
      {text('position', f.POSITION)}
    </SimpleGrid>
  );
}

/** A sex as the server names it; null when none is chosen. */
export function sexOf(text: string): 'FEMALE' | 'MALE' | null {
  return text === 'FEMALE' || text === 'MALE' ? text : null;
}
