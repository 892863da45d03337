import { Button, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Card } from '#platform/design';
import { useTexts } from '#platform/languages';
import { type OrganizationSettings, SetSender } from './organization-documents';
import { organizationTexts } from './organization-texts';
import { useSettingsAct } from './use-settings-act';

/** In whose name letters are sent. */
export function SenderCard(props: { settings: OrganizationSettings }) {
  const t = useTexts(organizationTexts);
  const { busy, faults, act } = useSettingsAct(props.settings.version);
  const { settings } = props;
  const [name, setName] = useState(settings.senderName ?? '');
  const [replyTo, setReplyTo] = useState(settings.replyTo ?? '');

  function submit(event: FormEvent) {
    event.preventDefault();
    const input = { name: name || null, replyTo: replyTo || null };
    if (!busy) void act(SetSender, (version) => ({ input: { version, ...input } }), t.saved);
  }

  return (
    <Card title={t.sender}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {t.senderLead}
          </Text>
          <TextInput
            label={t.senderName}
            description={t.senderNameHint}
            placeholder={settings.defaultSenderName ?? undefined}
            value={name}
            error={faults.name}
            maxLength={100}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t.replyTo}
            description={t.replyToHint}
            type="email"
            value={replyTo}
            error={faults.replyTo}
            maxLength={254}
            onChange={(event) => setReplyTo(event.currentTarget.value)}
          />
          <section className="organization-letter" aria-label={t.preview}>
            <Text size="xs" c="dimmed" mb={6}>
              {t.preview}
            </Text>
            <dl className="facts">
              <dt>{t.from}</dt>
              <dd>
                {name.trim() || settings.defaultSenderName} &lt;{settings.senderAddress}&gt;
              </dd>
              <dt>{t.answers}</dt>
              <dd>{replyTo.trim() || settings.senderAddress}</dd>
            </dl>
          </section>
          <div>
            <Button type="submit" loading={busy}>
              {t.save}
            </Button>
          </div>
        </Stack>
      </form>
    </Card>
  );
}
