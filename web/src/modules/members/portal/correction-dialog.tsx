import { Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import type { VariablesOf } from '#platform/client';
import { Note, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { PersonFields } from '../record/person-fields';
import { useFieldFaults, useRecordRefusal } from '../record/use-record-refusal';
import { correctionInput, draftOf } from './correction-input';
import { type MyRecord, RequestCorrection } from './documents';
import { portalTexts } from './texts';

/** What the member asks to have corrected; only what differs is sent. */
export function CorrectionDialog(props: {
  record: MyRecord;
  onClose: () => void;
  onSent: () => void;
}) {
  const t = useTexts(portalTexts);
  const refusal = useRecordRefusal();
  const fieldFaults = useFieldFaults();
  const [draft, setDraft] = useState(() => draftOf(props.record));
  const [note, setNote] = useState('');
  const [unchanged, setUnchanged] = useState(false);
  const [{ fetching, error, data }, request] = useMutation(RequestCorrection);
  const faults = fieldFaults(error);
  const status = unchanged ? 'UNCHANGED' : data?.requestCorrection.status;

  async function submit() {
    const changes = correctionInput(props.record, draft);
    setUnchanged(Object.keys(changes).length === 0);
    if (Object.keys(changes).length === 0) return;
    const input: VariablesOf<typeof RequestCorrection>['input'] = {
      ...changes,
      ...(note.trim() ? { note: note.trim() } : {}),
    };
    const answer = await request({ input }, { additionalTypenames: ['Correction', 'Member'] });
    if (answer.data?.requestCorrection.status !== 'OK') return;
    toast.good(t.correctStatus.OK);
    props.onSent();
  }

  return (
    <FormDialog
      opened
      title={t.correctTitle}
      submit={t.correctSubmit}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {error && Object.keys(faults).length === 0 && <Note tone="bad">{refusal(error)}</Note>}
      {status && status !== 'OK' && <Note tone="warn">{t.correctStatus[status]}</Note>}
      <Text size="sm" c="dimmed">
        {t.correctHint}
      </Text>
      <PersonFields draft={draft} faults={faults} onChange={setDraft} />
      <Textarea
        label={t.correctNote}
        description={t.correctNoteHint}
        autosize
        minRows={2}
        maxLength={1000}
        value={note}
        error={faults.note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
