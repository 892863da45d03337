import { Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { StateBadge } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import type { SessionRow } from '../documents';
import { bodiesTexts } from '../texts';

/** How the state of a session is coloured. */
export const SESSION_TONES = {
  SCHEDULED: 'brand',
  OPEN: 'good',
  CLOSED: 'neutral',
  CANCELLED: 'bad',
} as const;

/** Sessions as rows that lead to their pages. */
export function SessionList(props: { sessions: readonly SessionRow[]; showBody?: boolean }) {
  const t = useTexts(bodiesTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  return (
    <div className="list-rows">
      {props.sessions.map((session) => (
        <Link
          key={session.id}
          {...links.session(tenant.slug, session.id)}
          className="row-link"
          style={{ padding: '12px 20px', borderRadius: 0 }}
        >
          <Group justify="space-between" gap="sm" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text fw={500}>{session.title}</Text>
              <Text size="sm" c="dimmed">
                {props.showBody !== false && `${session.body.name} · `}
                {t.sessionNumber(session.number)} · {format.dateTime(session.startsAt)}
              </Text>
            </div>
            <StateBadge tone={SESSION_TONES[session.state]}>{t.states[session.state]}</StateBadge>
          </Group>
        </Link>
      ))}
    </div>
  );
}
