import { NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { readFailure, useFailureText } from '#platform/client';
import { Note, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { AddSeat } from '../documents';
import { bodiesTexts } from '../texts';
import { ElectedField } from './elected-field';

type Office = keyof ReturnType<typeof useTexts<(typeof bodiesTexts)['ru']>>['offices'];

/** Enters one elected person into a body. */
export function AddSeatDialog(props: { body: string; opened: boolean; onClose: () => void }) {
  const t = useTexts(bodiesTexts);
  const failureText = useFailureText();
  const { tenant } = useTenancy();
  const [member, setMember] = useState<string | null>(null);
  const [fullName, setFullName] = useState('');
  const [email, setEmail] = useState('');
  const [organization, setOrganization] = useState(tenant.shortName);
  const [office, setOffice] = useState<Office>('MEMBER');
  const [checked, setChecked] = useState(false);
  const [{ fetching, error }, add] = useMutation(AddSeat);
  const emailWrong = !/^\S+@\S+$/.test(email.trim());

  async function submit() {
    setChecked(true);
    if (!fullName.trim() || emailWrong || !organization.trim()) return;
    const answer = await add(
      {
        input: {
          body: props.body,
          member,
          fullName: fullName.trim(),
          email: email.trim(),
          organization: organization.trim(),
          office,
        },
      },
      { additionalTypenames: ['Body', 'Seat'] },
    );
    if (!answer.data) return;
    toast.good(t.seatAdded(fullName.trim()));
    setMember(null);
    setFullName('');
    setEmail('');
    setOrganization(tenant.shortName);
    setOffice('MEMBER');
    setChecked(false);
    props.onClose();
  }

  return (
    <FormDialog
      opened={props.opened}
      title={t.addSeatTitle}
      submit={t.addSeatSubmit}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {error && <Note tone="bad">{failureText(readFailure(error))}</Note>}
      <ElectedField
        value={fullName}
        error={checked && !fullName.trim() && t.fieldMissing}
        onType={(name) => {
          setFullName(name);
          // Another name is another person, until one is chosen again.
          setMember(null);
        }}
        onChoose={(chosen) => {
          setMember(chosen.id);
          setFullName(chosen.fullName);
          setEmail(chosen.email ?? '');
          setOrganization(chosen.unit.name);
        }}
      />
      <TextInput
        label={t.email}
        type="email"
        value={email}
        error={checked && emailWrong && t.emailWrong}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <TextInput
        label={t.organization}
        value={organization}
        error={checked && !organization.trim() && t.fieldMissing}
        onChange={(event) => setOrganization(event.currentTarget.value)}
      />
      <NativeSelect
        label={t.office}
        value={office}
        onChange={(event) => setOffice(event.currentTarget.value as Office)}
      >
        {Object.entries(t.offices).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </NativeSelect>
    </FormDialog>
  );
}
