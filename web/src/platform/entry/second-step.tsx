import { Anchor, Button, Stack, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { clientFor, graphql, readFailure, useFailureText } from '#platform/client';
import { Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { CodeField } from '#platform/security/code-field';
import { passkeysSupported, showPasskey } from '#platform/security/passkey';
import { passkeyTexts } from '#platform/security/passkey-texts';
import { secondStepTexts } from './second-step-texts';

const SignInSecondStep = graphql(`
  mutation SignInSecondStep($ticket: String!, $proof: ProofInput!) {
    signInSecondStep(ticket: $ticket, proof: $proof) {
      status
    }
  }
`);

const StartPasskeySecondStep = graphql(`
  mutation StartPasskeySecondStep($ticket: String!) {
    startPasskeySecondStep(ticket: $ticket) {
      ticket
      options
    }
  }
`);

type Way = 'passkey' | 'code' | 'recovery';
type Proof = {
  code?: string;
  recoveryCode?: string;
  passkey?: { ticket: string; answer: string };
};
/** What the account can show beside its password. */
type Factor = 'PASSKEY' | 'TOTP' | 'RECOVERY_CODE';

function waysOf(factors: readonly Factor[]): Way[] {
  const ways: Way[] = [];
  if (factors.includes('PASSKEY') && passkeysSupported()) ways.push('passkey');
  if (factors.includes('TOTP')) ways.push('code');
  if (factors.includes('RECOVERY_CODE')) ways.push('recovery');
  return ways;
}

/** A sign-in that waits for its second step. */
export type WaitingStep = { ticket: string; factors: readonly Factor[] };

/** The second step of signing in: a passkey, a code, or a recovery code. */
export default function SecondStep(
  props: WaitingStep & { onDone: () => void; onBack: () => void },
) {
  const t = useTexts(secondStepTexts);
  const failureText = useFailureText();
  const ofPasskeys = useTexts(passkeyTexts);
  const ways = waysOf(props.factors);
  const [way, setWay] = useState<Way>(ways[0] ?? 'recovery');
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

  async function byPasskey() {
    setBusy(true);
    setError(null);
    const begun = await clientFor(null)
      .mutation(StartPasskeySecondStep, { ticket: props.ticket })
      .toPromise();
    const question = begun.data?.startPasskeySecondStep;
    const shown = question && (await showPasskey(question.options));
    setBusy(false);
    if (begun.error) {
      const failure = readFailure(begun.error);
      if (failure.reason === 'step_expired') return setExpired(true);
      return setError(failureText(failure));
    }
    if (!question || !shown || 'problem' in shown) return setError(ofPasskeys.cancelled);
    const passkey = { ticket: question.ticket, answer: shown.answer };
    await show({ passkey }, ofPasskeys.refused);
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    if (way === 'passkey') return byPasskey();
    if (!text.trim()) return setError(way === 'recovery' ? t.recoveryMissing : t.codeMissing);
    if (way === 'recovery') await show({ recoveryCode: text }, t.wrongRecovery);
    else await show({ code: text }, t.wrongCode);
  }

  const leads: Record<Way, string> = {
    passkey: ofPasskeys.proveText,
    code: t.codeLead,
    recovery: t.recoveryLead,
  };
  const names: Record<Way, string> = {
    passkey: ofPasskeys.prove,
    code: t.useCode,
    recovery: t.useRecovery,
  };

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
            {leads[way]}
          </Text>
        </div>
        {way === 'passkey' && error && <Note tone="bad">{error}</Note>}
        {way === 'recovery' && (
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
        )}
        {way === 'code' && <CodeField value={text} error={error} size="md" onChange={change} />}
        <Button type="submit" size="md" loading={busy} fullWidth>
          {way === 'passkey' ? ofPasskeys.prove : t.goOn}
        </Button>
        {ways
          .filter((one) => one !== way)
          .map((one) => (
            <Anchor
              key={one}
              component="button"
              type="button"
              size="sm"
              onClick={() => {
                setWay(one);
                change('');
              }}
            >
              {names[one]}
            </Anchor>
          ))}
        <Anchor component="button" type="button" size="sm" onClick={props.onBack}>
          {t.otherAccount}
        </Anchor>
      </Stack>
    </form>
  );
}
