import { PasswordInput, Text } from '@mantine/core';
import { useState } from 'react';
import { toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { type FullDocument, SignStep } from '../documents';
import { documentsTexts } from '../texts';
import { useAct } from './use-act';

/** Asks for the password again and signs. */
export function SignDialog(props: {
  document: FullDocument;
  step: string;
  opened: boolean;
  onClose: () => void;
  onDone: () => void;
}) {
  const t = useTexts(documentsTexts);
  const { busy, act } = useAct();
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const intent = `${t.intent}: ${props.document.title}`;

  async function submit() {
    if (!password) {
      setWrong(t.fieldMissing);
      return;
    }
    const answer = await act(SignStep, { step: props.step, password, intent });
    setPassword('');
    if (!answer) return;
    if (answer.signStep.status !== 'OK') {
      setWrong(t.wrongPassword);
      return;
    }
    toast.good(t.signed);
    props.onDone();
    props.onClose();
  }

  const latest = props.document.versions[0];
  return (
    <FormDialog
      opened={props.opened}
      title={t.signTitle}
      submit={t.sign}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <Text>{t.signText}</Text>
      <div>
        <Text size="sm" c="dimmed">
          {t.intentLabel}
        </Text>
        <Text fw={500}>{props.document.title}</Text>
        {latest && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {latest.name} · {t.version(latest.ordinal)} · {t.hash} {latest.sha256}
          </Text>
        )}
      </div>
      <PasswordInput
        label={t.password}
        data-autofocus
        autoComplete="current-password"
        value={password}
        error={wrong}
        onChange={(event) => {
          setPassword(event.currentTarget.value);
          setWrong(null);
        }}
      />
    </FormDialog>
  );
}
