import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { Copy, Radio } from 'lucide-react';
import { useState } from 'react';
import { toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { meetingTexts } from '../texts';
import type { Encoder, useBroadcast } from './use-broadcast';

/** Whether the session is shown to everybody who has the link; for those who may, the switch of it. */
export default function BroadcastPanel(props: { of: ReturnType<typeof useBroadcast> }) {
  const t = useTexts(meetingTexts);
  const { broadcast, busy, start, stop, withdraw } = props.of;
  const { ask, dialog } = useConfirm();
  const [naming, setNaming] = useState(false);
  if (!broadcast?.canManage) return null;
  const link = broadcast.path ? location.origin + broadcast.path : '';
  return (
    <section className="broadcast" aria-label={t.broadcast} data-testid="broadcast">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Text component="h2" fz="md" fw={650} m={0}>
            <Radio size={17} aria-hidden style={{ verticalAlign: '-3px', marginRight: 8 }} />
            {broadcast.isOn ? t.onAir : t.broadcast}
          </Text>
          <Text size="sm" c="dimmed">
            {broadcast.isOn ? t.broadcastOn : t.broadcastOff}
          </Text>
        </div>
        <Button
          size="sm"
          style={{ flex: 'none' }}
          variant={broadcast.isOn ? 'default' : 'light'}
          loading={busy}
          onClick={() =>
            ask(
              broadcast.isOn
                ? {
                    title: t.stopBroadcastTitle,
                    text: t.stopBroadcastText,
                    confirm: t.stopBroadcast,
                    danger: true,
                    run: stop,
                  }
                : {
                    title: t.startBroadcastTitle,
                    text: t.startBroadcastText,
                    confirm: t.startBroadcast,
                    run: start,
                  },
            )
          }
        >
          {broadcast.isOn ? t.stopBroadcast : t.startBroadcast}
        </Button>
      </Group>
      {broadcast.isOn && <Copied label={t.broadcastLink} value={link} />}
      <Group justify="space-between" mt="sm">
        <Text size="sm" fw={600}>
          {t.encoder}
        </Text>
        <Group gap="xs">
          {broadcast.hasEncoder && (
            <Button
              size="compact-sm"
              variant="subtle"
              loading={busy}
              onClick={() => void withdraw()}
            >
              {t.withdrawEncoder}
            </Button>
          )}
          <Button size="compact-sm" variant="default" onClick={() => setNaming(true)}>
            {broadcast.hasEncoder ? t.replaceEncoder : t.connectEncoder}
          </Button>
        </Group>
      </Group>
      {dialog}
      {naming && <EncoderDialog of={props.of} onClose={() => setNaming(false)} />}
    </section>
  );
}

/** Lets an encoder in: first its name, then what has to be typed into it. */
function EncoderDialog(props: { of: ReturnType<typeof useBroadcast>; onClose: () => void }) {
  const t = useTexts(meetingTexts);
  const [name, setName] = useState(t.encoderDefault);
  const [given, setGiven] = useState<Encoder | null>(null);
  if (!given) {
    return (
      <FormDialog
        opened
        title={t.encoder}
        submit={t.connectEncoder}
        busy={props.of.busy}
        onClose={props.onClose}
        onSubmit={() => void props.of.give(name).then(setGiven)}
      >
        <Text size="sm">{t.encoderText}</Text>
        <TextInput
          label={t.encoderName}
          description={t.encoderNameText}
          value={name}
          maxLength={60}
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </FormDialog>
    );
  }
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t.encoder}
      closeButtonProps={{ 'aria-label': t.done }}
    >
      <Stack gap="md">
        <Copied label={t.encoderAddress} value={given.address} />
        <Copied label={t.encoderToken} value={given.token} />
        <Text size="sm" c="dimmed">
          {t.encoderOnce}
        </Text>
        <Group justify="flex-end">
          <Button onClick={props.onClose}>{t.done}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** A text that is to be taken elsewhere. */
function Copied(props: { label: string; value: string }) {
  const t = useTexts(meetingTexts);
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap" mt="sm">
      <TextInput
        label={props.label}
        readOnly
        style={{ flex: '1 1 0', minWidth: 0 }}
        value={props.value}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button
        variant="default"
        leftSection={<Copy size={16} aria-hidden />}
        onClick={() =>
          void navigator.clipboard?.writeText(props.value).then(() => toast.good(t.copied))
        }
      >
        {t.copy}
      </Button>
    </Group>
  );
}
