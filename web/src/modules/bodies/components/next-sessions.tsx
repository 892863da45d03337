import { Group, Stack, Text, Title } from '@mantine/core';
import { CalendarDays, Video } from 'lucide-react';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import {
  ButtonLink,
  Card,
  EmptyState,
  FailureState,
  ListSkeleton,
  StateBadge,
} from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { type SessionRow, SessionsQuery } from '../documents';
import { permissions } from '../permissions';
import { bodiesTexts } from '../texts';
import { SESSION_TONES, SessionList } from './session-list';
import { useNow } from './use-now';

/** The next session with its countdown and the way in; later ones below. */
export default function NextSessions() {
  const t = useTexts(bodiesTexts);
  const { tenant, may } = useTenancy();
  const visible = may(permissions.view);
  const [{ data, error }, retry] = useQuery({
    query: SessionsQuery,
    variables: { state: ['OPEN', 'SCHEDULED'], first: 20, after: null },
    requestPolicy: 'cache-and-network',
    pause: !visible,
  });
  if (!visible) return null;
  const sessions = [...(data?.sessions.nodes ?? [])].sort(byUrgency);
  const [next, ...later] = sessions;
  return (
    <>
      <Card title={t.nextSession}>
        {error && <FailureState failure={readFailure(error)} onRetry={() => retry()} />}
        {!data && !error && <ListSkeleton rows={4} />}
        {data && !next && (
          <EmptyState
            icon={CalendarDays}
            title={t.noNextSession}
            text={t.noNextSessionText}
            action={
              may(permissions.schedule) && (
                <ButtonLink link={links.scheduleSession(tenant.slug)} variant="light">
                  {t.scheduleAction}
                </ButtonLink>
              )
            }
          />
        )}
        {next && <NextSession session={next} />}
      </Card>
      {later.length > 0 && (
        <Card title={t.upcoming} padded={false}>
          <SessionList sessions={later.slice(0, 6)} />
        </Card>
      )}
    </>
  );
}

/** Those under way first, then by start. */
function byUrgency(a: SessionRow, b: SessionRow): number {
  if (a.state !== b.state) return a.state === 'OPEN' ? -1 : 1;
  return a.startsAt.localeCompare(b.startsAt);
}

function NextSession(props: { session: SessionRow }) {
  const t = useTexts(bodiesTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  const now = useNow(30_000);
  const { session } = props;
  const distance = format.fromNow(session.startsAt, now);
  const started = Date.parse(session.startsAt) <= now;
  return (
    <Stack gap="sm" mt={8}>
      <Group gap="sm">
        <StateBadge tone={SESSION_TONES[session.state]}>{t.states[session.state]}</StateBadge>
        <Text size="sm" fw={500}>
          {session.state === 'OPEN'
            ? t.openNow
            : started
              ? t.overdue(distance)
              : t.startsIn(distance)}
        </Text>
      </Group>
      <div>
        <Title order={3} fz="xl">
          {session.title}
        </Title>
        <Text c="dimmed">
          {session.body.name} · {format.dateTime(session.startsAt)}
        </Text>
      </div>
      <Group gap="sm">
        {session.viewerCan.join && (
          <ButtonLink
            link={links.room(tenant.slug, session.id)}
            leftSection={<Video size={17} aria-hidden />}
          >
            {t.join}
          </ButtonLink>
        )}
        <ButtonLink link={links.session(tenant.slug, session.id)} variant="default">
          {t.details}
        </ButtonLink>
      </Group>
    </Stack>
  );
}
