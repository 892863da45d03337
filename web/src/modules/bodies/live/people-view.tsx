import { Group, Text } from '@mantine/core';
import { useFormat, useTexts } from '#platform/languages';
import { bodiesTexts } from '../texts';
import type { LiveSession } from './documents';
import './live.css';
import { sessionTexts } from './texts';

/** Everyone invited, present ones first; on the session's page also how the notices fared. */
export function PeopleView(props: {
  attendance: LiveSession['attendance'];
  notices: boolean;
  over: boolean;
}) {
  const t = useTexts(sessionTexts);
  const words = useTexts(bodiesTexts);
  const format = useFormat();
  const people = [...props.attendance].sort((a, b) => Number(b.present) - Number(a.present));

  function notice(entry: LiveSession['attendance'][number]): string {
    if (!entry.noticeSentAt) return t.noticeNotSent;
    const sent = t.noticeSent(format.dateTime(entry.noticeSentAt));
    return entry.noticeOpenedAt ? `${sent}, ${t.noticeOpened}` : sent;
  }

  function presence(entry: LiveSession['attendance'][number]): string {
    if (props.over)
      return entry.firstJoinedAt ? t.wasPresent(format.time(entry.firstJoinedAt)) : '';
    return entry.present ? t.present : t.absent;
  }

  return (
    <ul className="list-rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
      {people.map((entry) => (
        <li
          key={entry.seat.id}
          style={{ padding: '10px 20px' }}
          data-testid="attendance"
          data-present={entry.present}
        >
          <Group justify="space-between" gap="sm" wrap="nowrap">
            <Group gap={10} wrap="nowrap" style={{ minWidth: 0 }}>
              {!props.over && (
                <span className="presence-dot" data-present={entry.present} aria-hidden />
              )}
              <div style={{ minWidth: 0 }}>
                <Text size="sm" fw={500}>
                  {entry.seat.fullName}
                  {entry.seat.isViewer && ` (${words.you})`}
                </Text>
                <Text size="xs" c="dimmed">
                  {entry.seat.office !== 'MEMBER' && `${words.offices[entry.seat.office]} · `}
                  {entry.seat.organization}
                  {props.notices && ` · ${notice(entry)}`}
                </Text>
              </div>
            </Group>
            <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
              {presence(entry)}
            </Text>
          </Group>
        </li>
      ))}
    </ul>
  );
}
