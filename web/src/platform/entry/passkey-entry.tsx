import { Button } from '@mantine/core';
import { useState } from 'react';
import { clientFor, graphql, readFailure, useFailureText } from '#platform/client';
import { Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { passkeysSupported, showPasskey } from '#platform/security/passkey';
import { passkeyTexts } from '#platform/security/passkey-texts';

const StartPasskeySignIn = graphql(`
  mutation StartPasskeySignIn {
    startPasskeySignIn {
      ticket
      options
    }
  }
`);

const SignInWithPasskey = graphql(`
  mutation SignInWithPasskey($input: PasskeyAnswerInput!) {
    signInWithPasskey(input: $input) {
      status
    }
  }
`);

/** Signs in with a passkey, without address and password. */
export default function PasskeyEntry(props: { onSignedIn: () => void }) {
  const t = useTexts(passkeyTexts);
  const failureText = useFailureText();
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function enter(): Promise<string | null> {
    const client = clientFor(null);
    const begun = await client.mutation(StartPasskeySignIn, {}).toPromise();
    if (!begun.data) return begun.error ? failureText(readFailure(begun.error)) : t.cancelled;
    const { ticket, options } = begun.data.startPasskeySignIn;
    const shown = await showPasskey(options);
    if ('problem' in shown) return t.cancelled;
    const input = { ticket, answer: shown.answer };
    const answer = await client.mutation(SignInWithPasskey, { input }).toPromise();
    if (answer.error) return failureText(readFailure(answer.error));
    switch (answer.data?.signInWithPasskey.status) {
      case 'OK':
        return null;
      case 'EXPIRED':
        return t.expired;
      default:
        return t.refused;
    }
  }

  async function press() {
    setBusy(true);
    setError(null);
    const wrong = await enter();
    if (wrong === null) return props.onSignedIn();
    setBusy(false);
    setError(wrong);
  }

  if (!passkeysSupported()) return null;
  return (
    <>
      <Button variant="default" size="md" fullWidth loading={busy} onClick={() => void press()}>
        {t.signIn}
      </Button>
      {error && <Note tone="bad">{error}</Note>}
    </>
  );
}
