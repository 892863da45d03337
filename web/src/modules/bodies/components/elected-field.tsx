import { Combobox, Text, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';
import type { ResultOf } from '#platform/client';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { RegisteredQuery } from '../documents';
import { permissions } from '../permissions';
import { bodiesTexts } from '../texts';

/** Somebody on record. */
export type Registered = ResultOf<typeof RegisteredQuery>['members']['nodes'][number];

/** The name of who is elected: typed, or chosen from the register by those who may see it. */
export function ElectedField(props: {
  value: string;
  error?: string | false;
  onType: (name: string) => void;
  onChoose: (member: Registered) => void;
}) {
  const t = useTexts(bodiesTexts);
  const { may } = useTenancy();
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [chosen, setChosen] = useState('');
  const [search] = useDebouncedValue(props.value.trim(), 200);
  const asks = may(permissions.register) && search.length > 1 && search !== chosen;
  const [{ data }] = useQuery({
    query: RegisteredQuery,
    variables: { search },
    pause: !asks,
  });
  const found = asks ? (data?.members.nodes ?? []) : [];
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(id) => {
        const member = found.find((one) => one.id === id);
        if (member) {
          setChosen(member.fullName);
          props.onChoose(member);
        }
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target>
        <TextInput
          label={t.fullName}
          description={may(permissions.register) ? t.fromRegister : undefined}
          data-autofocus
          value={props.value}
          error={props.error}
          onBlur={() => combobox.closeDropdown()}
          onChange={(event) => {
            props.onType(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={found.length === 0}>
        <Combobox.Options mah={240} style={{ overflowY: 'auto' }}>
          {found.map((member) => (
            <Combobox.Option value={member.id} key={member.id}>
              <Text size="sm">{member.fullName}</Text>
              <Text size="xs" c="dimmed">
                {[member.unit.name, member.email].filter(Boolean).join(' · ')}
              </Text>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
