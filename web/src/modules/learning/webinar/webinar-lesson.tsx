import { Button, Group, Text } from '@mantine/core';
import { CalendarClock, Video } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { useClient } from 'urql';
import { isPassing, readFailure } from '#platform/client';
import { ListSkeleton, Note, StateBadge } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { AccessRefused, type RoomCloseReason } from '#platform/media/room-client';
import { useSessionFacts } from '#platform/session';
import { learningFailure } from '../components/failures';
import { Markdown } from '../markdown/markdown';
import { JoinWebinar, type LessonDetails } from '../study/documents';
import { studyTexts } from '../study/texts';
import { webinarPhase } from './phase';
import type { Admission } from './use-webinar';

const WebinarRoom = lazy(() => import('./webinar-room'));

/** When the webinar is, and the way in. */
export default function WebinarLesson(props: { lesson: LessonDetails; counts: boolean }) {
  const t = useTexts(studyTexts);
  const format = useFormat();
  const client = useClient();
  const name = useSessionFacts()?.viewer?.account.displayName ?? '';
  const { lesson } = props;
  const [now, setNow] = useState(Date.now);
  const [admission, setAdmission] = useState<Admission | null>(null);
  const [entering, setEntering] = useState(false);
  const [word, setWord] = useState<string | null>(null);

  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 20_000);
    return () => clearInterval(timer);
  }, []);

  const ask = useCallback(async (): Promise<Admission | { word: string; passing: boolean }> => {
    const answer = await client.mutation(JoinWebinar, { lesson: lesson.id }).toPromise();
    if (answer.error) {
      const failure = readFailure(answer.error);
      return { word: learningFailure(failure), passing: isPassing(failure) };
    }
    const payload = answer.data?.joinWebinar;
    if (payload?.status !== 'OK' || !payload.token || !payload.sfuPath) {
      return { word: t.webinarClosed, passing: false };
    }
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const url = `${scheme}://${location.host}${payload.sfuPath}`;
    return { token: payload.token, relay: payload.relay, url };
  }, [client, lesson.id, t]);

  const readmit = useCallback(async () => {
    const outcome = await ask();
    if (!('word' in outcome)) return outcome;
    // A server that is away for a moment is asked again.
    throw outcome.passing ? new Error(outcome.word) : new AccessRefused(outcome.word);
  }, [ask]);

  async function enter() {
    setEntering(true);
    setWord(null);
    const outcome = await ask();
    setEntering(false);
    if ('word' in outcome) setWord(outcome.word);
    else setAdmission(outcome);
  }

  const onClosed = useCallback(
    (reason: RoomCloseReason) => {
      setAdmission(null);
      setWord(
        {
          left: t.webinarLeft,
          replaced: t.webinarReplaced,
          refused: t.webinarRefused,
          room_closed: t.webinarOver,
        }[reason],
      );
    },
    [t],
  );

  const { webinar } = lesson;
  const phase = webinarPhase(webinar?.startsAt ?? null, webinar?.durationMinutes ?? 0, now);
  if (admission) {
    return (
      <Suspense fallback={<ListSkeleton rows={8} />}>
        <WebinarRoom admission={admission} readmit={readmit} name={name} onClosed={onClosed} />
      </Suspense>
    );
  }
  return (
    <>
      {lesson.text && <Markdown source={lesson.text} />}
      <div className="card card-padded" style={{ marginTop: lesson.text ? 20 : 0 }}>
        {webinar?.startsAt ? (
          <>
            <Group gap="sm" mb={4}>
              <CalendarClock size={20} aria-hidden />
              <Text fw={600}>{t.webinarAt(format.dateTime(webinar.startsAt))}</Text>
              {phase === 'now' && <StateBadge tone="good">{t.webinarNow}</StateBadge>}
              {phase === 'over' && <StateBadge>{t.webinarOver}</StateBadge>}
            </Group>
            <Text c="dimmed" size="sm">
              {t.webinarLasts(t.minutes(webinar.durationMinutes))}
            </Text>
            {props.counts && lesson.state !== 'DONE' && (
              <Text c="dimmed" size="sm">
                {t.webinarCounts}
              </Text>
            )}
            {phase === 'before' && (
              <Text mt="sm">{t.webinarSoon(format.fromNow(webinar.startsAt, now))}</Text>
            )}
          </>
        ) : (
          <Text>{t.webinarNoTime}</Text>
        )}
        {word && (
          <div style={{ marginTop: 12 }}>
            <Note tone="neutral">{word}</Note>
          </div>
        )}
        {(webinar?.joinable || phase === 'now') && (
          <>
            <Button
              size="md"
              mt="md"
              loading={entering}
              leftSection={<Video size={18} aria-hidden />}
              onClick={() => void enter()}
            >
              {word ? t.webinarRejoin : t.webinarJoin}
            </Button>
            <Text size="sm" c="dimmed" mt={8}>
              {t.webinarHint}
            </Text>
          </>
        )}
      </div>
    </>
  );
}
