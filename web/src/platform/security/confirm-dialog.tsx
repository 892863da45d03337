import { Anchor, Group, PasswordInput, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { clientFor, readFailure, tokenChanged, useFailureText } from '#platform/client';
import { Note } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { CodeField } from './code-field';
import { ConfirmIdentity, MeansQuery, StartPasskeyConfirmation } from './documents';
import { passkeysSupported, showPasskey } from './passkey';
import { passkeyTexts } from './passkey-texts';
import { securityTexts } from './texts';

type Means = 'password' | 'code' | 'passkey' | 'recovery';
type Proof = {
  password?: string;
  code?: string;
  recoveryCode?: string;
  passkey?: { ticket: string; answer: string };
};

/** Asks the person to prove that it is them before an act that weighs, by whatever the account has. */
export default function ConfirmDialog(props: { onAnswer: (confirmed: boolean) => void }) {
  const t = useTexts(securityTexts);
  const ofPasskeys = useTexts(passkeyTexts);
  const failureText = useFailureText();
  const [means, setMeans] = useState<Means>('password');
  const [others, setOthers] = useState<readonly Means[]>([]);
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    void clientFor(null)
      .query(MeansQuery, {}, { requestPolicy: 'network-only' })
      .toPromise()
      .then(({ data }) => {
        const security = data?.viewer?.security;
        if (!security) return;
        const known: Means[] = [];
        if (security.passkeys.length > 0 && passkeysSupported()) known.push('passkey');
        if (security.totpSince) known.push('code');
        if (security.recoveryCodesLeft > 0) known.push('recovery');
        // Where there is a second factor, the password alone confirms nobody.
        if (known.length === 0) known.push('password');
        setOthers(known);
        setMeans(known[0] ?? 'password');
      });
  }, []);

  const names: Record<Means, string> = {
    password: t.byPassword,
    code: t.byCode,
    passkey: ofPasskeys.byPasskey,
    recovery: t.byRecoveryCode,
  };

  function change(value: string) {
    setText(value);
    setError(null);
  }

  async function show(proof: Proof, wrong: string) {
    setBusy(true);
    const answer = await clientFor(null).mutation(ConfirmIdentity, { proof }).toPromise();
    setBusy(false);
    if (answer.error) return setError(failureText(readFailure(answer.error)));
    if (answer.data?.confirmIdentity.status !== 'OK') return setError(wrong);
    tokenChanged();
    props.onAnswer(true);
  }

  async function byPasskey() {
    setBusy(true);
    const begun = await clientFor(null).mutation(StartPasskeyConfirmation, {}).toPromise();
    const question = begun.data?.startPasskeyConfirmation;
    const shown = question && (await showPasskey(question.options));
    setBusy(false);
    if (begun.error) return setError(failureText(readFailure(begun.error)));
    if (!question || !shown || 'problem' in shown) return setError(ofPasskeys.cancelled);
    const passkey = { ticket: question.ticket, answer: shown.answer };
    return show({ passkey }, ofPasskeys.refused);
  }

  async function submit() {
    if (means === 'passkey') return byPasskey();
    if (means === 'password') {
      if (!text) return setError(t.passwordMissing);
      return show({ password: text }, t.wrongPassword);
    }
    if (!text.trim()) return setError(t.codeMissing);
    if (means === 'recovery') return show({ recoveryCode: text }, t.wrongRecoveryCode);
    return show({ code: text }, t.wrongCode);
  }

  return (
    <FormDialog
      opened
      title={t.confirmTitle}
      submit={t.confirmSubmit}
      busy={busy}
      onClose={() => props.onAnswer(false)}
      onSubmit={() => void submit()}
    >
      <Text>{t.confirmText}</Text>
      {means === 'passkey' && <Text>{ofPasskeys.proveText}</Text>}
      {means === 'passkey' && error && <Note tone="bad">{error}</Note>}
      {means === 'password' && (
        <PasswordInput
          label={t.password}
          name="password"
          autoComplete="current-password"
          data-autofocus
          value={text}
          error={error}
          visibilityToggleButtonProps={{ 'aria-label': t.showPassword, tabIndex: 0 }}
          onChange={(event) => change(event.currentTarget.value)}
        />
      )}
      {means === 'code' && <CodeField value={text} error={error} onChange={change} />}
      {means === 'recovery' && (
        <TextInput
          label={t.recoveryCode}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          data-autofocus
          value={text}
          error={error}
          onChange={(event) => change(event.currentTarget.value)}
        />
      )}
      {others.length > 1 && (
        <Group gap="md">
          {others
            .filter((one) => one !== means)
            .map((one) => (
              <Anchor
                key={one}
                component="button"
                type="button"
                size="sm"
                onClick={() => {
                  setMeans(one);
                  change('');
                }}
              >
                {names[one]}
              </Anchor>
            ))}
        </Group>
      )}
    </FormDialog>
  );
}
