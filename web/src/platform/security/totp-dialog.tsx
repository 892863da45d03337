import { Anchor, Code, Loader, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { CodeField } from './code-field';
import { ProveTotp, type Security, StartTotp, type Totp } from './documents';
import { securityTexts } from './texts';
import { useAct } from './use-act';

/** Sets an authenticator up: the QR code or the secret, then its first code. */
export function TotpDialog(props: {
  onClose: () => void;
  onDone: (security: Security, recoveryCodes: readonly string[]) => void;
}) {
  const t = useTexts(securityTexts);
  const { busy, act } = useAct();
  const [totp, setTotp] = useState<Totp | null>(null);
  const [code, setCode] = useState('');
  const [error, setError] = useState<string | null>(null);
  const begun = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: begun once, when the dialog opens.
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void act(StartTotp, {}).then((answer) => {
      if (answer) setTotp(answer.startTotp);
      else props.onClose();
    });
  }, []);

  async function submit() {
    if (!code.trim()) return setError(t.codeMissing);
    const answer = await act(ProveTotp, { code });
    if (!answer) return;
    const { status, security, recoveryCodes } = answer.proveTotp;
    if (status !== 'OK') return setError(t.wrongCode);
    props.onDone(security, recoveryCodes);
  }

  // Nothing to show before the secret is there: the person may be asked to confirm first.
  if (!totp) return busy ? null : <Loader aria-label={t.totp} />;
  return (
    <FormDialog
      opened
      title={t.totpTitle}
      submit={t.turnOn}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <Text>{t.totpScan}</Text>
      <img
        className="totp-qr"
        alt={t.totpQr}
        src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(totp.qr)}`}
      />
      <Text size="sm">
        {t.totpType} <Code>{totp.secret}</Code>
      </Text>
      <Anchor href={totp.uri} size="sm">
        {t.totpOpen}
      </Anchor>
      <CodeField
        value={code}
        error={error}
        onChange={(value) => {
          setCode(value);
          setError(null);
        }}
      />
    </FormDialog>
  );
}
