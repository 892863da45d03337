import { Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useFormat, useTexts } from '#platform/languages';
import type { Recording } from './documents';
import { recordingTexts } from './texts';
import type { Recordings } from './use-recordings';

/** Until which day a recording is kept. */
export function KeepDialog(props: { recording: Recording; of: Recordings; onClose: () => void }) {
  const t = useTexts(recordingTexts);
  const format = useFormat();
  const { recording, of, onClose } = props;
  const [until, setUntil] = useState(recording.keptUntil);
  const [fault, setFault] = useState<keyof typeof t.keepFaults | null>(null);

  async function submit() {
    setFault(until ? null : 'missing');
    if (!until) return;
    const refused = await of.keep(recording.id, until);
    const reason = refused?.fields.find(({ path }) => path === 'until')?.reason;
    if (!refused) {
      toast.good(t.keptNow(format.day(until)));
      onClose();
    } else if (reason === 'past' || reason === 'too_late') setFault(reason);
    else of.tell(refused);
  }

  return (
    <FormDialog
      opened
      title={t.keepTitle}
      submit={t.keepSave}
      busy={of.busy === recording.id}
      onClose={onClose}
      onSubmit={() => void submit()}
    >
      <TextInput
        type="date"
        label={t.keepUntil}
        value={until}
        error={fault && t.keepFaults[fault]}
        data-autofocus
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
      <Text size="sm" c="dimmed">
        {t.keepText}
      </Text>
    </FormDialog>
  );
}
