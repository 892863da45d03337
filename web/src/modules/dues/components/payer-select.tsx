import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useQuery } from 'urql';
import { useTexts } from '#platform/languages';
import { PayersQuery } from '../documents';
import { duesTexts } from '../texts';

/** A person of the register, found by name or card. */
export function PayerSelect(props: {
  value: string | null;
  onChange: (member: string | null) => void;
  error?: string | false;
}) {
  const t = useTexts(duesTexts);
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 250);
  const [{ data, fetching }] = useQuery({
    query: PayersQuery,
    variables: { search },
    pause: search.length < 2,
  });
  const people = search.length < 2 ? [] : (data?.members.nodes ?? []);
  return (
    <Select
      label={t.payer}
      placeholder={t.payerSearch}
      searchable
      clearable
      data-autofocus
      nothingFoundMessage={search.length < 2 || fetching ? t.payerSearch : t.payerNobody}
      // The server has searched already, by more than the name.
      filter={({ options }) => options}
      data={people.map((person) => ({
        value: person.id,
        label: [person.fullName, person.unit.name, person.cardNumber].filter(Boolean).join(' · '),
      }))}
      value={props.value}
      onSearchChange={setTyped}
      onChange={props.onChange}
      error={props.error}
    />
  );
}
