import { Button, Group, Text } from '@mantine/core';
import { CircleDot } from 'lucide-react';
import { useConfirm } from '#platform/design/confirm';
import { useFormat, useTexts } from '#platform/languages';
import { recordingTexts } from '../recordings/texts';
import type { Recordings } from '../recordings/use-recordings';

/** For those who may: starts and stops the recording of the session. */
export default function RecordingPanel(props: { session: string; of: Recordings }) {
  const t = useTexts(recordingTexts);
  const format = useFormat();
  const { recordings, busy, start, stop } = props.of;
  const { ask, dialog } = useConfirm();
  if (!recordings?.canManage) return null;
  const since = recordings.recordingSince;
  return (
    <section className="recording" aria-label={t.recording} data-testid="recording">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Text component="h2" fz="md" fw={650} m={0}>
            <CircleDot size={17} aria-hidden style={{ verticalAlign: '-3px', marginRight: 8 }} />
            {since ? t.mark : t.recording}
          </Text>
          <Text size="sm" c="dimmed">
            {since ? t.since(format.time(since)) : t.off}
          </Text>
        </div>
        <Button
          size="sm"
          style={{ flex: 'none' }}
          variant={since ? 'default' : 'light'}
          loading={busy === props.session}
          onClick={() =>
            ask(
              since
                ? {
                    title: t.stopTitle,
                    text: t.stopText,
                    confirm: t.stop,
                    danger: true,
                    run: stop,
                  }
                : { title: t.startTitle, text: t.startText, confirm: t.start, run: start },
            )
          }
        >
          {since ? t.stop : t.start}
        </Button>
      </Group>
      {dialog}
    </section>
  );
}
