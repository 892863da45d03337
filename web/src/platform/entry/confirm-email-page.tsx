import { Button, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { clientFor, graphql, readFailure, useFailureText } from '#platform/client';
import { Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { emailTexts } from '#platform/security/email-texts';
import { EntryFrame } from '#platform/shell';

const ConfirmEmail = graphql(`
  mutation ConfirmEmail($token: String!) {
    confirmEmail(token: $token) {
      status
      email
    }
  }
`);

/** Where the link of a letter leads. A button, for programs that look into letters open their links too. */
export default function ConfirmEmailPage(props: { token: string; onDone: () => void }) {
  const t = useTexts(emailTexts);
  const failureText = useFailureText();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const [confirmed, setConfirmed] = useState<string | null>(null);

  async function confirm() {
    setBusy(true);
    setWrong(null);
    const answer = await clientFor(null).mutation(ConfirmEmail, { token: props.token }).toPromise();
    setBusy(false);
    if (answer.error) return setWrong(failureText(readFailure(answer.error)));
    switch (answer.data?.confirmEmail.status) {
      case 'OK':
        return setConfirmed(answer.data.confirmEmail.email);
      case 'EMAIL_TAKEN':
        return setWrong(t.taken);
      default:
        return setWrong(t.invalid);
    }
  }

  return (
    <EntryFrame title={t.confirmTitle}>
      <div className="card card-padded entry-panel">
        <Stack gap="md">
          <Title order={1}>{t.confirmTitle}</Title>
          {wrong && <Note tone="bad">{wrong}</Note>}
          {confirmed ? (
            <>
              <Note tone="good">{t.confirmed(confirmed)}</Note>
              <Button size="md" fullWidth onClick={props.onDone}>
                {t.goOn}
              </Button>
            </>
          ) : (
            <>
              <Text>{t.confirmText}</Text>
              <Button size="md" fullWidth loading={busy} onClick={() => void confirm()}>
                {t.confirm}
              </Button>
            </>
          )}
        </Stack>
      </div>
    </EntryFrame>
  );
}
