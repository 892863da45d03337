import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { readFailure, useFailureText } from '#platform/client';
import { Note, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { type BodyRow, CreateBody } from '../documents';
import { bodiesTexts } from '../texts';
import { useQuorumWords } from './quorum-words';

type Kind = BodyRow['kind'];

/** Rules that statutes of unions usually know. */
const RULES: BodyRow['quorumRule'][] = [
  { comparison: 'MORE_THAN', numerator: 1, denominator: 2 },
  { comparison: 'AT_LEAST', numerator: 2, denominator: 3 },
  { comparison: 'AT_LEAST', numerator: 1, denominator: 2 },
  { comparison: 'AT_LEAST', numerator: 3, denominator: 4 },
];

/** Asks for name, kind and quorum of a new body. */
export function CreateBodyDialog(props: {
  opened: boolean;
  onClose: () => void;
  onCreated: (id: string) => void;
}) {
  const t = useTexts(bodiesTexts);
  const words = useQuorumWords();
  const failureText = useFailureText();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Kind>('COUNCIL');
  const [rule, setRule] = useState(0);
  const [nameError, setNameError] = useState<string | null>(null);
  const [{ fetching, error }, create] = useMutation(CreateBody);

  async function submit() {
    if (!name.trim()) {
      setNameError(t.fieldMissing);
      return;
    }
    const quorum = RULES[rule];
    if (!quorum) return;
    const answer = await create(
      {
        input: {
          name: name.trim(),
          kind,
          quorum: {
            comparison: quorum.comparison,
            numerator: quorum.numerator,
            denominator: quorum.denominator,
          },
        },
      },
      { additionalTypenames: ['Body'] },
    );
    if (!answer.data) return;
    toast.good(t.bodyCreated);
    props.onClose();
    props.onCreated(answer.data.createBody.id);
  }

  return (
    <FormDialog
      opened={props.opened}
      title={t.createBodyTitle}
      submit={t.create}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {error && <Note tone="bad">{failureText(readFailure(error))}</Note>}
      <TextInput
        label={t.name}
        placeholder={t.namePlaceholder}
        required
        withAsterisk={false}
        data-autofocus
        value={name}
        error={nameError}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setNameError(null);
        }}
      />
      <NativeSelect
        label={t.kind}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value as Kind)}
      >
        {Object.entries(t.kinds).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </NativeSelect>
      <NativeSelect
        label={t.quorum}
        value={String(rule)}
        onChange={(event) => setRule(Number(event.currentTarget.value))}
      >
        {RULES.map((option, index) => (
          <option key={words(option)} value={String(index)}>
            {words(option)}
          </option>
        ))}
      </NativeSelect>
    </FormDialog>
  );
}
