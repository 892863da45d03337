import { Select } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { Note, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { useUnits } from '../components/use-units';
import { membersTexts } from '../texts';
import { MoveMember } from './documents';
import { recordTexts } from './texts';
import { useRecordRefusal } from './use-record-refusal';

/** Moves a member to another unit of the same organization. */
export default function MoveDialog(props: {
  member: string;
  onClose: () => void;
  onDone: () => void;
}) {
  const t = useTexts(recordTexts);
  const m = useTexts(membersTexts);
  const refusal = useRecordRefusal();
  const units = useUnits();
  const [unit, setUnit] = useState<string | null>(null);
  const [checked, setChecked] = useState(false);
  const [{ fetching, error, data }, move] = useMutation(MoveMember);

  async function submit() {
    setChecked(true);
    if (!unit) return;
    const answer = await move({ member: props.member, unit });
    if (answer.data?.moveMember.status !== 'OK') return;
    toast.good(t.moved(answer.data.moveMember.member.unit.name));
    props.onDone();
  }

  return (
    <FormDialog
      opened
      title={t.moveTitle}
      submit={t.moveSubmit}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {error && <Note tone="bad">{refusal(error)}</Note>}
      {data?.moveMember.status === 'SAME_UNIT' && <Note tone="warn">{t.sameUnit}</Note>}
      <Select
        label={t.unit}
        searchable
        data-autofocus
        nothingFoundMessage={m.noUnit}
        data={units.map((option) => ({ value: option.id, label: option.name }))}
        value={unit}
        onChange={setUnit}
        error={checked && !unit && t.unitMissing}
      />
    </FormDialog>
  );
}
