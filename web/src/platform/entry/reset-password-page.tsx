import { Anchor, Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { clientFor, graphql, readFailure, useFailureText } from '#platform/client';
import { ButtonLink, Note, toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { EntryFrame, links } from '#platform/shell';
import { resetTexts } from './reset-texts';

const RequestPasswordReset = graphql(`
  mutation RequestPasswordReset($email: String!) {
    requestPasswordReset(email: $email) {
      sent
    }
  }
`);

const ResetPassword = graphql(`
  mutation ResetPassword($input: ResetPasswordInput!) {
    resetPassword(input: $input) {
      status
    }
  }
`);

/** Without a token asks for the letter; with the letter's token sets the new password. */
export default function ResetPasswordPage(props: { token: string | null; onSaved: () => void }) {
  const t = useTexts(resetTexts);
  return (
    <EntryFrame title={props.token ? t.newPasswordTitle : t.resetTitle}>
      <div className="card card-padded entry-panel">
        {props.token ? (
          <NewPassword token={props.token} onSaved={props.onSaved} />
        ) : (
          <AskForLetter />
        )}
      </div>
      <Anchor renderRoot={(rest) => <Link {...links.signIn()} {...rest} />} size="sm">
        {t.backToSignIn}
      </Anchor>
    </EntryFrame>
  );
}

function AskForLetter() {
  const t = useTexts(resetTexts);
  const failureText = useFailureText();
  const [email, setEmail] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!email.trim()) return setError(t.emailMissing);
    setBusy(true);
    setError(null);
    const answer = await clientFor(null)
      .mutation(RequestPasswordReset, { email: email.trim() })
      .toPromise();
    setBusy(false);
    if (answer.error) setError(failureText(readFailure(answer.error)));
    else setSentTo(email.trim());
  }

  if (sentTo) {
    return (
      <Note tone="good" title={t.resetSentTitle}>
        {t.resetSentText(sentTo)}
      </Note>
    );
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <div>
          <Title order={1}>{t.resetTitle}</Title>
          <Text c="dimmed" mt={4}>
            {t.resetLead}
          </Text>
        </div>
        <TextInput
          label={t.email}
          type="email"
          name="email"
          autoComplete="username"
          size="md"
          value={email}
          error={error}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={busy}>
          {t.resetSend}
        </Button>
      </Stack>
    </form>
  );
}

function NewPassword(props: { token: string; onSaved: () => void }) {
  const t = useTexts(resetTexts);
  const failureText = useFailureText();
  const [password, setPassword] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [expired, setExpired] = useState(false);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const answer = await clientFor(null)
      .mutation(ResetPassword, { input: { token: props.token, password } })
      .toPromise();
    setBusy(false);
    if (answer.error) return setError(failureText(readFailure(answer.error)));
    switch (answer.data?.resetPassword.status) {
      case 'OK':
        toast.good(t.passwordSaved);
        return props.onSaved();
      case 'PASSWORD_TOO_SHORT':
        return setError(t.tooShort);
      case 'PASSWORD_BREACHED':
        return setError(t.breached);
      default:
        return setExpired(true);
    }
  }

  if (expired) {
    return (
      <Stack>
        <Note tone="bad">{t.tokenInvalid}</Note>
        <ButtonLink link={links.resetPassword()}>{t.askAgain}</ButtonLink>
      </Stack>
    );
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Title order={1}>{t.newPasswordTitle}</Title>
        <PasswordInput
          label={t.newPassword}
          description={t.newPasswordHint}
          name="new-password"
          autoComplete="new-password"
          size="md"
          value={password}
          error={error}
          visibilityToggleButtonProps={{ 'aria-label': t.showPassword, tabIndex: 0 }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={busy}>
          {t.newPasswordSave}
        </Button>
      </Stack>
    </form>
  );
}
