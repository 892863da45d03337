import { Select, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { Note, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { membersTexts } from '../texts';
import { OrganizationsQuery, RequestTransfer } from './documents';
import { recordTexts } from './texts';
import { useRecordRefusal } from './use-record-refusal';

/** Asks another member organization to take a member over. */
export default function TransferDialog(props: {
  member: string;
  onClose: () => void;
  onDone: () => void;
}) {
  const t = useTexts(recordTexts);
  const m = useTexts(membersTexts);
  const refusal = useRecordRefusal();
  const { tenant } = useTenancy();
  const [{ data: known }] = useQuery({ query: OrganizationsQuery });
  const [to, setTo] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [checked, setChecked] = useState(false);
  const [{ fetching, error, data }, request] = useMutation(RequestTransfer);
  const status = data?.requestTransfer.status;
  const others = (known?.organizations ?? []).filter((one) => one.id !== tenant.id);

  async function submit() {
    setChecked(true);
    if (!to) return;
    const answer = await request(
      { member: props.member, tenant: to, note: note.trim() || null },
      { additionalTypenames: ['Member', 'MemberTransfer'] },
    );
    if (answer.data?.requestTransfer.status !== 'OK') return;
    toast.good(t.transferSent);
    props.onDone();
  }

  return (
    <FormDialog
      opened
      title={t.transferTitle}
      submit={t.transferSubmit}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {error && <Note tone="bad">{refusal(error)}</Note>}
      {status && status !== 'OK' && <Note tone="warn">{t.transferStatus[status]}</Note>}
      <Text size="sm">{t.transferText}</Text>
      <Select
        label={t.transferTo}
        searchable
        data-autofocus
        nothingFoundMessage={m.noUnit}
        data={others.map((one) => ({ value: one.id, label: one.name }))}
        value={to}
        onChange={setTo}
        error={checked && !to && t.unitMissing}
      />
      <Textarea
        label={t.transferNote}
        autosize
        minRows={2}
        maxLength={1000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
