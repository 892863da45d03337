import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { documentsTexts } from '../texts';

/** Asks for one text. `onSubmit` answers whether the dialog may close. */
export function TextDialog(props: {
  opened: boolean;
  title: string;
  label: string;
  submit: string;
  busy: boolean;
  onClose: () => void;
  onSubmit: (text: string) => Promise<boolean>;
}) {
  const t = useTexts(documentsTexts);
  const [text, setText] = useState('');
  const [missing, setMissing] = useState(false);

  async function submit() {
    if (!text.trim()) {
      setMissing(true);
      return;
    }
    if (await props.onSubmit(text)) {
      setText('');
      props.onClose();
    }
  }

  return (
    <FormDialog
      opened={props.opened}
      title={props.title}
      submit={props.submit}
      busy={props.busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <Textarea
        label={props.label}
        data-autofocus
        autosize
        minRows={3}
        value={text}
        error={missing && !text.trim() ? t.fieldMissing : null}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
