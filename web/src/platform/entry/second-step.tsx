import { Anchor, Button, Stack, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { clientFor, graphql, readFailure, useFailureText } from '#platform/client';
import { Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { CodeField } from '#platform/security/code-field';
import { secondStepTexts } from './second-step-texts';

const SignInSecondStep = graphql(`
  mutation SignInSecondStep($ticket: String!, $proof: ProofInput!) {
    signInSecondStep(ticket: $ticket, proof: $proof) {
      status
    }
  }
`);

type Proof = { code?: string; recoveryCode?: string };

/** The second step of signing in: a code, or a recovery code. */
export default function SecondStep(props: {
  ticket: string;
  onDone: () => void;
  onBack: () => void;
}) {
  const t = useTexts(secondStepTexts);
  const failureText = useFailureText();
  const [recovering, setRecovering] = useState(false);
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [expired, setExpired] = useState(false);
  const [busy, setBusy] = useState(false);

  function change(value: string) {
    setText(value);
    setError(null);
  }

  async function show(proof: Proof, wrong: string) {
    setBusy(true);
    const answer = await clientFor(null)
      .mutation(SignInSecondStep, { ticket: props.ticket, proof })
      .toPromise();
    setBusy(false);
    if (answer.error) return setError(failureText(readFailure(answer.error)));
    switch (answer.data?.signInSecondStep.status) {
      case 'OK':
        return props.onDone();
      case 'EXPIRED':
        return setExpired(true);
      default:
        return setError(wrong);
    }
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    if (!text.trim()) return setError(recovering ? t.recoveryMissing : t.codeMissing);
    if (recovering) await show({ recoveryCode: text }, t.wrongRecovery);
    else await show({ code: text }, t.wrongCode);
  }

  if (expired) {
    return (
      <Stack>
        <Note tone="bad">{t.stepExpired}</Note>
        <Button onClick={props.onBack}>{t.signInAnew}</Button>
      </Stack>
    );
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <div>
          <Title order={1}>{t.title}</Title>
          <Text c="dimmed" mt={4}>
            {recovering ? t.recoveryLead : t.codeLead}
          </Text>
        </div>
        {recovering ? (
          <TextInput
            key="recovery"
            label={t.recoveryCode}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            size="md"
            autoFocus
            value={text}
            error={error}
            onChange={(event) => change(event.currentTarget.value)}
          />
        ) : (
          <CodeField value={text} error={error} size="md" onChange={change} />
        )}
        <Button type="submit" size="md" loading={busy} fullWidth>
          {t.goOn}
        </Button>
        <Anchor
          component="button"
          type="button"
          size="sm"
          onClick={() => {
            setRecovering(!recovering);
            change('');
          }}
        >
          {recovering ? t.otherWay : t.useRecovery}
        </Anchor>
        <Anchor component="button" type="button" size="sm" onClick={props.onBack}>
          {t.otherAccount}
        </Anchor>
      </Stack>
    </form>
  );
}
