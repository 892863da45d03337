import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { Note } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { requestsTexts } from './texts';

/** A refusal needs a reason. `onRefuse` answers with what went wrong, or null. */
export function ReasonDialog(props: {
  title: string;
  submit: string;
  onClose: () => void;
  onRefuse: (reason: string) => Promise<string | null>;
}) {
  const t = useTexts(requestsTexts);
  const [reason, setReason] = useState('');
  const [checked, setChecked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);

  async function submit() {
    setChecked(true);
    if (!reason.trim()) return;
    setBusy(true);
    setWrong(await props.onRefuse(reason.trim()));
    setBusy(false);
  }

  return (
    <FormDialog
      opened
      title={props.title}
      submit={props.submit}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {wrong && <Note tone="bad">{wrong}</Note>}
      <Textarea
        label={t.reason}
        description={t.reasonHint}
        autosize
        minRows={2}
        maxLength={1000}
        data-autofocus
        value={reason}
        error={checked && !reason.trim() && t.reasonMissing}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
