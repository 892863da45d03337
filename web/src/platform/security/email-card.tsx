import { Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Card, Note, StateBadge, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { CancelEmailChange, ChangeEmail, type Security } from './documents';
import { emailTexts } from './email-texts';
import { useAct } from './use-act';

/** The address that the account signs in with. */
export function EmailCard(props: { security: Security; onChange: (security: Security) => void }) {
  const t = useTexts(emailTexts);
  const { busy, act } = useAct();
  const [changing, setChanging] = useState(false);
  const { email, emailVerified, pendingEmail } = props.security;

  async function verify() {
    const answer = await act(ChangeEmail, { email });
    if (!answer) return;
    props.onChange(answer.changeEmail.security);
    toast.good(t.sent(email));
  }

  async function cancel() {
    const answer = await act(CancelEmailChange, {});
    if (answer) props.onChange(answer.cancelEmailChange.security);
  }

  return (
    <Card
      title={t.email}
      aside={
        <Button variant="default" size="sm" onClick={() => setChanging(true)}>
          {t.change}
        </Button>
      }
    >
      <Group gap="xs">
        <Text fw={500}>{email}</Text>
        <StateBadge tone={emailVerified ? 'good' : 'warn'}>
          {emailVerified ? t.verified : t.unverified}
        </StateBadge>
      </Group>
      {pendingEmail ? (
        <Note>
          {t.pending(pendingEmail)}{' '}
          <Button variant="subtle" size="compact-sm" disabled={busy} onClick={() => void cancel()}>
            {t.cancel}
          </Button>
        </Note>
      ) : (
        !emailVerified && (
          <Button mt="sm" size="sm" variant="default" disabled={busy} onClick={() => void verify()}>
            {t.verify}
          </Button>
        )
      )}
      {changing && <ChangeDialog onClose={() => setChanging(false)} onChange={props.onChange} />}
    </Card>
  );
}

function ChangeDialog(props: { onClose: () => void; onChange: (security: Security) => void }) {
  const t = useTexts(emailTexts);
  const { busy, act } = useAct();
  const [email, setEmail] = useState('');
  const [error, setError] = useState<string | null>(null);

  async function submit() {
    if (!email.trim()) return setError(t.missing);
    const answer = await act(ChangeEmail, { email: email.trim() });
    if (!answer) return;
    props.onChange(answer.changeEmail.security);
    props.onClose();
    toast.good(t.sent(email.trim()));
  }

  return (
    <FormDialog
      opened
      title={t.changeTitle}
      submit={t.send}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <Text>{t.changeText}</Text>
      <TextInput
        label={t.newEmail}
        type="email"
        autoComplete="email"
        inputMode="email"
        data-autofocus
        value={email}
        error={error}
        onChange={(event) => {
          setEmail(event.currentTarget.value);
          setError(null);
        }}
      />
    </FormDialog>
  );
}
