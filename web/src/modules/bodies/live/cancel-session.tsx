import { Button, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { readFailure, useFailureText } from '#platform/client';
import { Note, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { CancelSession } from './documents';
import { sessionTexts } from './texts';

/** Cancels a scheduled session, with the reason that everyone invited will read. */
export function CancelSessionButton(props: { session: string }) {
  const t = useTexts(sessionTexts);
  const failureText = useFailureText();
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState('');
  const [checked, setChecked] = useState(false);
  const [{ fetching, error }, cancel] = useMutation(CancelSession);

  async function submit() {
    setChecked(true);
    if (!reason.trim()) return;
    const answer = await cancel({ session: props.session, reason: reason.trim() });
    if (!answer.data) return;
    const { status } = answer.data.cancelSession;
    if (status !== 'OK') {
      toast.bad(t.statuses[status]);
      return;
    }
    toast.good(t.cancelled);
    setOpened(false);
  }

  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        {t.cancel}
      </Button>
      <FormDialog
        opened={opened}
        title={t.cancelTitle}
        submit={t.cancelConfirm}
        busy={fetching}
        onClose={() => setOpened(false)}
        onSubmit={() => void submit()}
      >
        <Text>{t.cancelText}</Text>
        {error && <Note tone="bad">{failureText(readFailure(error))}</Note>}
        <Textarea
          label={t.cancelReason}
          autosize
          minRows={2}
          data-autofocus
          value={reason}
          error={checked && !reason.trim() && t.cancelReasonMissing}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </FormDialog>
    </>
  );
}
