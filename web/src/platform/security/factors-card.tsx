import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { Card, Note, StateBadge, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useFormat, useTexts } from '#platform/languages';
import { RemoveTotp, RenewRecoveryCodes, type Security } from './documents';
import { RecoveryCodes } from './recovery-codes';
import { securityTexts } from './texts';
import { TotpDialog } from './totp-dialog';
import { useAct } from './use-act';

/** The authenticator, and the recovery codes that stand in for it and for passkeys. */
export function FactorsCard(props: { security: Security; onChange: (security: Security) => void }) {
  const t = useTexts(securityTexts);
  const format = useFormat();
  const { busy, act } = useAct();
  const { ask, dialog } = useConfirm();
  const [adding, setAdding] = useState(false);
  const [codes, setCodes] = useState<readonly string[]>([]);
  const { totpSince, recoveryCodesLeft } = props.security;
  const hasFactor = totpSince !== null || props.security.passkeys.length > 0;

  async function remove() {
    const answer = await act(RemoveTotp, {});
    if (!answer) return;
    props.onChange(answer.removeTotp.security);
    toast.good(t.totpRemoved);
  }

  async function renew() {
    const answer = await act(RenewRecoveryCodes, {});
    if (!answer) return;
    props.onChange(answer.renewRecoveryCodes.security);
    setCodes(answer.renewRecoveryCodes.recoveryCodes);
  }

  return (
    <Card title={t.factors} padded={false}>
      <ul className="list-rows plain-list">
        <li className="security-row">
          <div className="security-row-text">
            <Group gap="xs">
              <Text fw={500}>{t.totp}</Text>
              <StateBadge tone={totpSince ? 'good' : 'neutral'}>
                {totpSince ? t.on : t.off}
              </StateBadge>
            </Group>
            <Text size="sm" c="dimmed">
              {totpSince ? t.totpSince(format.date(totpSince)) : t.totpText}
            </Text>
          </div>
          {totpSince ? (
            <Button
              variant="subtle"
              color="red"
              size="sm"
              disabled={busy}
              onClick={() =>
                ask({
                  title: t.removeTotp,
                  text: t.removeTotpText,
                  confirm: t.turnOff,
                  danger: true,
                  run: remove,
                })
              }
            >
              {t.turnOff}
            </Button>
          ) : (
            <Button variant="default" size="sm" onClick={() => setAdding(true)}>
              {t.setUp}
            </Button>
          )}
        </li>
        {hasFactor && (
          <li className="security-row">
            <div className="security-row-text">
              <Text fw={500}>{t.codes}</Text>
              <Text size="sm" c="dimmed">
                {t.codesLeft(recoveryCodesLeft)}
              </Text>
            </div>
            <Button
              variant="default"
              size="sm"
              disabled={busy}
              onClick={() =>
                ask({
                  title: t.renewCodes,
                  text: t.renewCodesText,
                  confirm: t.renewCodes,
                  run: renew,
                })
              }
            >
              {t.renewCodes}
            </Button>
          </li>
        )}
      </ul>
      {hasFactor && recoveryCodesLeft < 3 && (
        <div className="card-padded">
          <Note tone="warn">{t.fewCodes}</Note>
        </div>
      )}
      {adding && (
        <TotpDialog
          onClose={() => setAdding(false)}
          onDone={(security, recoveryCodes) => {
            setAdding(false);
            props.onChange(security);
            setCodes(recoveryCodes);
            toast.good(t.totpAdded);
          }}
        />
      )}
      {codes.length > 0 && <RecoveryCodes codes={codes} onClose={() => setCodes([])} />}
      {dialog}
    </Card>
  );
}
