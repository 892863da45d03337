import { Anchor, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type FormEvent, lazy, Suspense, useEffect, useRef, useState } from 'react';
import { clientFor, graphql, readFailure, useFailureText } from '#platform/client';
import { ListSkeleton, Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { reloadSession, useSessionFacts } from '#platform/session';
import { EntryFrame, links } from '#platform/shell';
import type { WaitingStep } from './second-step';
import { entryTexts } from './texts';

const SignIn = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      status
      ticket
      factors
    }
  }
`);

// Most people have no second factor.
const SecondStep = lazy(() => import('./second-step'));
const PasskeyEntry = lazy(() => import('./passkey-entry'));
const ProviderEntry = lazy(() => import('./provider-entry'));
const DemoAccounts = lazy(() => import('./demo-accounts'));

type Errors = { email?: string; password?: string; form?: string };

/** Sign-in by e-mail and password, with what the account asks for beside it. */
export default function SignInPage(props: { onSignedIn: () => void }) {
  const t = useTexts(entryTexts);
  const failureText = useFailureText();
  const facts = useSessionFacts();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [errors, setErrors] = useState<Errors>({});
  const [busy, setBusy] = useState(false);
  const [waiting, setWaiting] = useState<WaitingStep | null>(null);
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const submitButton = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    void import('#platform/brand/look').then(({ showMark }) => showMark());
  }, []);

  async function signedIn() {
    await reloadSession();
    props.onSignedIn();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    const missing: Errors = {};
    if (!email.trim()) missing.email = t.emailMissing;
    if (!password) missing.password = t.passwordMissing;
    setErrors(missing);
    if (missing.email) return emailField.current?.focus();
    if (missing.password) return passwordField.current?.focus();

    setBusy(true);
    const answer = await clientFor(null)
      .mutation(SignIn, { input: { email: email.trim(), password } })
      .toPromise();
    if (answer.data?.signIn.status === 'OK') {
      await signedIn();
      return;
    }
    setBusy(false);
    const step = answer.data?.signIn;
    if (step?.ticket) {
      setErrors({});
      return setWaiting({ ticket: step.ticket, factors: step.factors });
    }
    if (answer.error) {
      setErrors({ form: failureText(readFailure(answer.error)) });
    } else {
      setErrors({ form: t.wrong });
      passwordField.current?.select();
    }
  }

  if (waiting) {
    return (
      <EntryFrame title={t.secondStep}>
        <div className="card card-padded entry-panel">
          <Suspense fallback={<ListSkeleton rows={3} />}>
            <SecondStep
              {...waiting}
              onDone={() => void signedIn()}
              onBack={() => {
                setWaiting(null);
                setPassword('');
              }}
            />
          </Suspense>
        </div>
      </EntryFrame>
    );
  }
  return (
    <EntryFrame title={t.signIn}>
      <form onSubmit={submit} noValidate className="card card-padded entry-panel">
        <Stack gap="md">
          <div>
            <Title order={1}>{t.signIn}</Title>
            <Text c="dimmed" mt={4}>
              {t.signInLead}
            </Text>
          </div>
          {errors.form && <Note tone="bad">{errors.form}</Note>}
          <TextInput
            ref={emailField}
            label={t.email}
            type="email"
            name="email"
            autoComplete="username"
            inputMode="email"
            size="md"
            value={email}
            error={errors.email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            ref={passwordField}
            label={t.password}
            name="password"
            autoComplete="current-password"
            size="md"
            value={password}
            error={errors.password}
            visibilityToggleButtonProps={{ 'aria-label': t.showPassword, tabIndex: 0 }}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button ref={submitButton} type="submit" size="md" loading={busy} fullWidth>
            {t.submit}
          </Button>
          <Suspense>
            <PasskeyEntry onSignedIn={() => void signedIn()} />
          </Suspense>
          <Anchor renderRoot={(rest) => <Link {...links.resetPassword()} {...rest} />} size="sm">
            {t.forgot}
          </Anchor>
        </Stack>
      </form>
      <Suspense>
        <ProviderEntry onSecondStep={setWaiting} />
        {facts && facts.installation.demoAccounts.length > 0 && (
          <DemoAccounts
            accounts={facts.installation.demoAccounts}
            onChoose={(account) => {
              setEmail(account.email);
              setPassword(account.password);
              setErrors({});
              submitButton.current?.focus();
            }}
          />
        )}
      </Suspense>
      {facts?.installation.developmentMailbox && (
        <Anchor renderRoot={(rest) => <Link {...links.mailbox()} {...rest} />} size="sm">
          {t.mailbox}
        </Anchor>
      )}
    </EntryFrame>
  );
}
