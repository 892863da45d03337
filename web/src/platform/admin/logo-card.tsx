import { Button, FileButton, Group, Stack, Text } from '@mantine/core';
import { ImageUp } from 'lucide-react';
import { useState } from 'react';
import { uploadFile, useFailureText } from '#platform/client';
import { Card, toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { type OrganizationSettings, RemoveLogo, SetLogo } from './organization-documents';
import { organizationTexts } from './organization-texts';
import { useSettingsAct } from './use-settings-act';

/** As the server takes it: to send more would be in vain. */
const LARGEST = 512 * 1024;

/** The organization's picture. */
export function LogoCard(props: { settings: OrganizationSettings }) {
  const t = useTexts(organizationTexts);
  const failureText = useFailureText();
  const { tenant } = useTenancy();
  const { busy, faults, act } = useSettingsAct(props.settings.version);
  const [sending, setSending] = useState(false);
  const [fault, setFault] = useState<string>();
  const { look } = props.settings;

  async function send(file: File | null) {
    if (!file) return;
    setFault(undefined);
    if (file.size > LARGEST) return setFault(t.faults.logo_too_large);
    setSending(true);
    const sent = await uploadFile(tenant.slug, file, () => {});
    setSending(false);
    if ('failure' in sent) return toast.bad(failureText(sent.failure));
    await act(SetLogo, (version) => ({ version, file: sent.file.id }), t.logoSaved);
  }

  const wrong = fault ?? faults.file;
  return (
    <Card title={t.logo}>
      <Stack gap="md">
        {look.logo ? (
          <img className="organization-logo" src={look.logo} alt={t.logoAlt} />
        ) : (
          <Text>{t.logoNone}</Text>
        )}
        <Text size="sm" c="dimmed">
          {t.logoHint}
        </Text>
        {wrong && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {wrong}
          </Text>
        )}
        <Group gap="sm">
          <FileButton accept="image/png,image/jpeg,image/webp" onChange={(file) => void send(file)}>
            {(rest) => (
              <Button
                {...rest}
                variant="default"
                loading={busy || sending}
                leftSection={<ImageUp size={17} aria-hidden />}
              >
                {look.logo ? t.logoReplace : t.logoUpload}
              </Button>
            )}
          </FileButton>
          {look.logo && (
            <Button
              variant="subtle"
              color="red"
              disabled={busy || sending}
              onClick={() => void act(RemoveLogo, (version) => ({ version }), t.logoRemoved)}
            >
              {t.logoRemove}
            </Button>
          )}
        </Group>
      </Stack>
    </Card>
  );
}
