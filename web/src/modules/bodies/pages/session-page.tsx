import { Group, Skeleton, Stack, Text } from '@mantine/core';
import { Film, Video } from 'lucide-react';
import { lazy, Suspense } from 'react';
import {
  ButtonLink,
  Card,
  FailureState,
  ListSkeleton,
  Note,
  Page,
  StateBadge,
} from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import { SESSION_TONES } from '../components/session-list';
import { useNow } from '../components/use-now';
import { AgendaView } from '../live/agenda-view';
import { CancelSessionButton } from '../live/cancel-session';
import type { LiveSession } from '../live/documents';
import { FileLink } from '../live/file-link';
import { PeopleView } from '../live/people-view';
import { QuorumMeter } from '../live/quorum-meter';
import './session-page.css';
import { sessionTexts } from '../live/texts';
import { useLiveSession } from '../live/use-live-session';
import { bodiesTexts } from '../texts';

const MeasuresCard = lazy(() => import('../measures/measures-card'));

/** One session: when, what about, who, and afterwards the minutes. Follows what happens live. */
export default function SessionPage(props: { id: string }) {
  const t = useTexts(sessionTexts);
  const words = useTexts(bodiesTexts);
  const format = useFormat();
  const now = useNow(30_000);
  const { tenant } = useTenancy();
  const { session, failure, loading, retry } = useLiveSession(props.id);
  if (failure) return <FailureState failure={failure} onRetry={retry} />;
  if (!session) return loading ? <ListSkeleton rows={12} /> : <NotFoundPage />;

  const upcoming = session.state === 'SCHEDULED' || session.state === 'OPEN';
  return (
    <Page
      title={session.title}
      subtitle={
        <Group gap="sm">
          <StateBadge tone={SESSION_TONES[session.state]}>{words.states[session.state]}</StateBadge>
          <span>
            {session.body.name} · {words.sessionNumber(session.number)}
          </span>
        </Group>
      }
      back={{ label: t.back, link: links.sessions(tenant.slug) }}
      actions={
        <>
          <ButtonLink
            link={links.recordings(tenant.slug, session.id)}
            variant="default"
            leftSection={<Film size={17} aria-hidden />}
          >
            {t.recordings}
          </ButtonLink>
          {session.state === 'SCHEDULED' && session.viewerCan.schedule && (
            <CancelSessionButton session={session.id} />
          )}
          {upcoming && session.viewerCan.join && (
            <ButtonLink
              link={links.room(tenant.slug, session.id)}
              leftSection={<Video size={17} aria-hidden />}
            >
              {t.join}
            </ButtonLink>
          )}
        </>
      }
    >
      {session.state === 'CANCELLED' && (
        <div style={{ marginBottom: 16 }}>
          <Note tone="bad" title={t.cancelledNote}>
            {session.cancelReason}
          </Note>
        </div>
      )}
      <div className="session-columns">
        <Stack gap="md">
          <Card title={t.agenda} padded={false}>
            <AgendaView
              session={session.id}
              agenda={session.agenda}
              started={session.openedAt !== null}
              over={!upcoming}
            />
          </Card>
          {session.state !== 'CANCELLED' && session.agenda.length > 0 && (
            <Suspense fallback={<ListSkeleton rows={2} />}>
              <MeasuresCard
                session={session.id}
                state={session.state}
                startsAt={session.startsAt}
                changeable={upcoming && (session.viewerCan.preside || session.viewerCan.schedule)}
              />
            </Suspense>
          )}
        </Stack>
        <Stack gap="md">
          <Card>
            <dl className="facts">
              <dt>{t.when}</dt>
              <dd>
                {format.dateTime(session.startsAt)}
                {session.state === 'SCHEDULED' && (
                  <Text size="sm" c="dimmed">
                    {format.fromNow(session.startsAt, now)}
                  </Text>
                )}
              </dd>
              {session.openedAt && (
                <>
                  <dt>{t.openedAt}</dt>
                  <dd>{format.dateTime(session.openedAt)}</dd>
                </>
              )}
              {session.closedAt && (
                <>
                  <dt>{t.closedAt}</dt>
                  <dd>{format.dateTime(session.closedAt)}</dd>
                </>
              )}
              {session.interruptions.length > 0 && (
                <>
                  <dt>{t.interruptions}</dt>
                  <dd data-testid="interruptions">
                    {session.interruptions.map(({ beganAt, endedAt }) => (
                      <div key={beganAt}>
                        {t.interruption(
                          format.exactTime(beganAt),
                          endedAt && format.exactTime(endedAt),
                        )}
                      </div>
                    ))}
                  </dd>
                </>
              )}
            </dl>
          </Card>
          {upcoming && (
            <Card title={t.quorum}>
              <QuorumMeter quorum={session.quorum} />
            </Card>
          )}
          <Minutes session={session} />
          <Card title={t.attendance} padded={false}>
            <Text size="sm" c="dimmed" px={20} pb={10}>
              {t.noticesSent(session.noticesSent)}
            </Text>
            <PeopleView
              attendance={session.attendance}
              notices={upcoming && session.viewerCan.schedule}
              over={!upcoming}
            />
          </Card>
        </Stack>
      </div>
    </Page>
  );
}

function Minutes(props: { session: LiveSession }) {
  const t = useTexts(sessionTexts);
  const format = useFormat();
  const { minutes, minutesState, state } = props.session;
  if (state === 'CANCELLED') return null;
  return (
    <Card title={t.minutes}>
      {minutesState === 'READY' && minutes ? (
        <Group gap="sm">
          <FileLink session={props.session.id} file={minutes} look="button">
            {t.minutesDownload}
          </FileLink>
          <Text size="sm" c="dimmed">
            PDF, {format.bytes(minutes.sizeBytes)}
          </Text>
        </Group>
      ) : minutesState === 'PENDING' ? (
        <div aria-busy="true">
          <Text size="sm" role="status" mb={8}>
            {t.minutesPending}
          </Text>
          <Skeleton height={34} width={190} />
        </div>
      ) : (
        <Text size="sm" c="dimmed">
          {t.minutesNone}
        </Text>
      )}
    </Card>
  );
}
