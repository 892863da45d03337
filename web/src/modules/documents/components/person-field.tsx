import { Combobox, InputBase, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useTexts } from '#platform/languages';
import { PeopleQuery } from '../documents';
import { documentsTexts } from '../texts';

/** A person chosen. */
export type Person = { id: string; name: string };

/** Chooses a person of the organization by name. */
export function PersonField(props: {
  label: string;
  value: Person | null;
  error?: string | null;
  onChange: (person: Person | null) => void;
}) {
  const t = useTexts(documentsTexts);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [text, setText] = useState(props.value?.name ?? '');
  const [search] = useDebouncedValue(text, 200);
  const [{ data }] = useQuery({
    query: PeopleQuery,
    variables: { search: props.value?.name === search ? '' : search },
    pause: !combobox.dropdownOpened,
  });
  const people = data?.colleagues.nodes ?? [];
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(id) => {
        const person = people.find((one) => one.id === id);
        if (person) {
          props.onChange({ id: person.id, name: person.name });
          setText(person.name);
        }
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target>
        <InputBase
          label={props.label}
          placeholder={t.choosePerson}
          value={text}
          error={props.error}
          rightSection={<Combobox.Chevron />}
          rightSectionPointerEvents="none"
          onClick={() => combobox.openDropdown()}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => {
            combobox.closeDropdown();
            setText(props.value?.name ?? '');
          }}
          onChange={(event) => {
            setText(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
            if (event.currentTarget.value === '') props.onChange(null);
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={240} style={{ overflowY: 'auto' }}>
          {people.map((person) => (
            <Combobox.Option value={person.id} key={person.id}>
              {person.name}
            </Combobox.Option>
          ))}
          {data && people.length === 0 && <Combobox.Empty>{t.nobodyFound}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
