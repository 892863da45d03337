import { Anchor, Group, PasswordInput, Text, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { clientFor, readFailure, useFailureText } from '#platform/client';
import { Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { CodeField } from './code-field';
import { MeansQuery, StartPasskeyConfirmation } from './documents';
import { passkeysSupported, showPasskey } from './passkey';
import { passkeyTexts } from './passkey-texts';
import { securityTexts } from './texts';

type Means = 'password' | 'code' | 'passkey' | 'recovery';
/** What a person shows: exactly one of these. */
export type Proof = {
  password?: string;
  code?: string;
  recoveryCode?: string;
  passkey?: { ticket: string; answer: string };
};
/** How it was taken: it fits, it does not, or something else went wrong, in words. */
export type Verdict = 'fits' | 'wrong' | { fault: string };

/**
 * Asks the person to prove that it is them, by whatever the account has: `fields` stand in a form,
 * `submit` has the server look at what they hold.
 */
export function useProof(show: (proof: Proof) => Promise<Verdict>) {
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

  async function give(proof: Proof, wrong: string) {
    setBusy(true);
    const verdict = await show(proof);
    setBusy(false);
    if (verdict === 'fits') return;
    setText('');
    setError(verdict === 'wrong' ? wrong : verdict.fault);
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
    return give({ passkey }, ofPasskeys.refused);
  }

  async function submit() {
    if (busy) return;
    if (means === 'passkey') return byPasskey();
    if (means === 'password') {
      if (!text) return setError(t.passwordMissing);
      return give({ password: text }, t.wrongPassword);
    }
    if (!text.trim()) return setError(t.codeMissing);
    if (means === 'recovery') return give({ recoveryCode: text }, t.wrongRecoveryCode);
    return give({ code: text }, t.wrongCode);
  }

  const fields = (
    <>
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
    </>
  );

  return { busy, submit, fields };
}
