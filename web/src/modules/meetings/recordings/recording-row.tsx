import { Button, Group, Progress, Text, Title } from '@mantine/core';
import { CalendarClock, Download, RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Note, StateBadge, type Tone, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useFormat, useTexts } from '#platform/languages';
import type { Recording } from './documents';
import { durationText } from './duration';
import { Film } from './film';
import { KeepDialog } from './keep-dialog';
import { recordingTexts } from './texts';
import type { Recordings } from './use-recordings';

const TONES = { COMPOSING: 'brand', READY: 'good', FAILED: 'bad' } satisfies Record<string, Tone>;

/** One recording: when, how long, until when it is kept, its film, and what can be done with it. */
export function RecordingRow(props: { recording: Recording; of: Recordings }) {
  const t = useTexts(recordingTexts);
  const format = useFormat();
  const { recording, of } = props;
  const { startedAt, stoppedAt, state, durationSeconds, sizeBytes } = recording;
  const when = t.when(format.date(startedAt), format.time(startedAt), format.time(stoppedAt));
  if (state === 'REMOVED' || state === 'EMPTY') {
    return (
      <Text c="dimmed" size="sm">
        {state === 'REMOVED' ? t.removed(when) : t.nothing(when)}
      </Text>
    );
  }
  const facts = [
    durationSeconds !== null && durationText(durationSeconds, t.units),
    sizeBytes !== null && format.bytes(sizeBytes),
    t.keptUntil(format.day(recording.keptUntil)),
  ];
  return (
    <article aria-label={when} data-state={state}>
      <Group justify="space-between" gap="xs" mb="md">
        <div>
          <Title order={2} size="h3">
            {when}
          </Title>
          <Text size="sm" c="dimmed">
            {facts.filter(Boolean).join(' · ')}
          </Text>
        </div>
        <span role="status">
          <StateBadge tone={TONES[state]}>{t.states[state]}</StateBadge>
        </span>
      </Group>
      {state === 'COMPOSING' && <Composing progress={recording.progress} />}
      {state === 'FAILED' && (
        <Note tone="bad" title={t.failedTitle}>
          {of.recordings?.canManage ? t.failedManager : t.failedReader}
        </Note>
      )}
      {state === 'READY' && (
        <Film
          title={t.film(when)}
          chapters={recording.chapters}
          askPath={() => of.path(recording.id)}
        />
      )}
      <Acts recording={recording} of={of} when={when} />
    </article>
  );
}

function Composing(props: { progress: number }) {
  const t = useTexts(recordingTexts);
  return (
    <div>
      <Progress.Root size="lg">
        <Progress.Section value={props.progress} aria-label={t.states.COMPOSING} />
      </Progress.Root>
      <Text size="sm" c="dimmed" mt={6}>
        {t.composed(props.progress)}. {t.composing}
      </Text>
    </div>
  );
}

/** What can be done with a recording that is done. */
function Acts(props: { recording: Recording; of: Recordings; when: string }) {
  const t = useTexts(recordingTexts);
  const { recording, of, when } = props;
  const { ask, dialog } = useConfirm();
  const [keeping, setKeeping] = useState(false);
  const [fetching, setFetching] = useState(false);
  const busy = of.busy === recording.id;
  const manages = of.recordings?.canManage ?? false;
  if (recording.state === 'COMPOSING' || (recording.state === 'FAILED' && !manages)) return null;

  async function download() {
    setFetching(true);
    const path = await of.path(recording.id);
    setFetching(false);
    if (!path) return;
    const anchor = document.createElement('a');
    anchor.href = path;
    // The server names the file: it knows of what kind it is.
    anchor.download = '';
    anchor.click();
  }

  return (
    <Group gap="sm" mt="md">
      {recording.state === 'READY' && (
        <Button
          variant="light"
          leftSection={<Download size={17} aria-hidden />}
          loading={fetching}
          onClick={() => void download()}
        >
          {t.download}
        </Button>
      )}
      {recording.state === 'FAILED' && (
        <Button
          leftSection={<RotateCcw size={17} aria-hidden />}
          loading={busy}
          onClick={() => void of.compose(recording.id)}
        >
          {t.again}
        </Button>
      )}
      {manages && (
        <>
          <Button
            variant="default"
            leftSection={<CalendarClock size={17} aria-hidden />}
            disabled={busy}
            onClick={() => setKeeping(true)}
          >
            {t.keep}
          </Button>
          <Button
            variant="subtle"
            color="red"
            leftSection={<Trash2 size={17} aria-hidden />}
            disabled={busy}
            onClick={() =>
              ask({
                title: t.removeTitle,
                text: t.removeText(when),
                confirm: t.remove,
                danger: true,
                run: async () => {
                  if (await of.remove(recording.id)) toast.good(t.removedNow);
                },
              })
            }
          >
            {t.remove}
          </Button>
        </>
      )}
      {dialog}
      {keeping && <KeepDialog recording={recording} of={of} onClose={() => setKeeping(false)} />}
    </Group>
  );
}
