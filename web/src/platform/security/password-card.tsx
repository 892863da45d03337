import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { tokenChanged } from '#platform/client';
import { Card, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { ChangePassword, type Security } from './documents';
import { securityTexts } from './texts';
import { useAct } from './use-act';

/** The password, and changing it. */
export function PasswordCard(props: {
  security: Security;
  onChange: (security: Security) => void;
}) {
  const t = useTexts(securityTexts);
  const [opened, setOpened] = useState(false);
  return (
    <Card
      title={t.password}
      aside={
        <Button variant="default" size="sm" onClick={() => setOpened(true)}>
          {t.changePassword}
        </Button>
      }
    >
      <Text c="dimmed">{t.passwordText}</Text>
      {opened && <ChangeDialog onClose={() => setOpened(false)} onChange={props.onChange} />}
    </Card>
  );
}

type Errors = { old?: string; fresh?: string };

function ChangeDialog(props: { onClose: () => void; onChange: (security: Security) => void }) {
  const t = useTexts(securityTexts);
  const { busy, act } = useAct();
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [errors, setErrors] = useState<Errors>({});

  async function submit() {
    if (!old) return setErrors({ old: t.passwordMissing });
    if (!fresh) return setErrors({ fresh: t.newPasswordMissing });
    const answer = await act(ChangePassword, { input: { oldPassword: old, newPassword: fresh } });
    if (!answer) return;
    const { status, security } = answer.changePassword;
    switch (status) {
      case 'WRONG_PASSWORD':
        return setErrors({ old: t.wrongPassword });
      case 'PASSWORD_TOO_SHORT':
        return setErrors({ fresh: t.tooShort });
      case 'PASSWORD_BREACHED':
        return setErrors({ fresh: t.breached });
      case 'OK':
        tokenChanged();
        props.onChange(security);
        props.onClose();
        return toast.good(t.passwordChanged);
    }
  }

  return (
    <FormDialog
      opened
      title={t.changePassword}
      submit={t.savePassword}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <Stack gap="sm">
        <PasswordInput
          label={t.oldPassword}
          name="password"
          autoComplete="current-password"
          data-autofocus
          value={old}
          error={errors.old}
          visibilityToggleButtonProps={{ 'aria-label': t.showPassword, tabIndex: 0 }}
          onChange={(event) => {
            setOld(event.currentTarget.value);
            setErrors({});
          }}
        />
        <PasswordInput
          label={t.newPassword}
          description={t.newPasswordHint}
          name="new-password"
          autoComplete="new-password"
          value={fresh}
          error={errors.fresh}
          visibilityToggleButtonProps={{ 'aria-label': t.showPassword, tabIndex: 0 }}
          onChange={(event) => {
            setFresh(event.currentTarget.value);
            setErrors({});
          }}
        />
      </Stack>
    </FormDialog>
  );
}
