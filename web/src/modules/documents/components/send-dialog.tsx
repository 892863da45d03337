import { Checkbox, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { type FullDocument, RecipientsQuery, SendDocument } from '../documents';
import { documentsTexts } from '../texts';
import { useAct } from './use-act';

type Props = { document: FullDocument; opened: boolean; onClose: () => void; onDone: () => void };

/** Chooses organizations and sends. */
export default function SendDialog(props: Props) {
  const t = useTexts(documentsTexts);
  const { busy, act } = useAct();
  const [chosen, setChosen] = useState<string[]>([]);
  const [{ data }] = useQuery({ query: RecipientsQuery, pause: !props.opened });

  async function submit() {
    if (chosen.length === 0) return;
    const answer = await act(SendDocument, { document: props.document.id, organizations: chosen });
    if (!answer) return;
    toast.good(t.sent);
    setChosen([]);
    props.onDone();
    props.onClose();
  }

  return (
    <FormDialog
      opened={props.opened}
      title={t.sendTitle}
      submit={t.sendSubmit}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <Text>{t.sendText}</Text>
      <Checkbox.Group value={chosen} onChange={setChosen} aria-label={t.sendTitle}>
        <Stack gap="sm">
          {data?.documentRecipients.map((one) => (
            <Checkbox key={one.id} value={one.id} label={one.name} />
          ))}
        </Stack>
      </Checkbox.Group>
    </FormDialog>
  );
}
