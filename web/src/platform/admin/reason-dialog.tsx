import { Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { adminTexts } from './texts';

/** Asks before something is taken away, and why. */
export function ReasonDialog(props: {
  title: string;
  text: string;
  submit: string;
  busy: boolean;
  onClose: () => void;
  onSubmit: (reason: string | null) => void;
}) {
  const t = useTexts(adminTexts);
  const [reason, setReason] = useState('');
  return (
    <FormDialog
      opened
      title={props.title}
      submit={props.submit}
      busy={props.busy}
      onClose={props.onClose}
      onSubmit={() => props.onSubmit(reason.trim() || null)}
    >
      <Text>{props.text}</Text>
      <Textarea
        label={t.reason}
        description={t.reasonHint}
        maxLength={500}
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
