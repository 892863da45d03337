import { Group, Text } from '@mantine/core';
import { StateBadge } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import type { LiveItem } from './documents';
import { FileLink } from './file-link';
import './live.css';
import { sessionTexts } from './texts';
import { VoteResult } from './vote-result';

const TONES = { PENDING: 'neutral', CURRENT: 'brand', DONE: 'good' } as const;

/** The agenda with materials, votes and decisions. */
export function AgendaView(props: {
  session: string;
  agenda: readonly LiveItem[];
  started: boolean;
  over: boolean;
}) {
  const t = useTexts(sessionTexts);
  const format = useFormat();
  if (props.agenda.length === 0) {
    return (
      <Text c="dimmed" px={20} pb={20}>
        {t.agendaEmpty}
      </Text>
    );
  }
  return (
    <ol className="agenda-list list-rows">
      {props.agenda.map((item) => (
        <li
          key={item.id}
          data-state={item.state}
          aria-current={item.state === 'CURRENT' ? 'step' : undefined}
        >
          <span className="agenda-number tabular">{item.position}.</span>
          <div>
            <Group gap={8} justify="space-between" align="flex-start" wrap="nowrap">
              <Text fw={500}>{item.title}</Text>
              {props.started && (
                <StateBadge tone={TONES[item.state]}>
                  {props.over && item.state === 'PENDING' ? t.notReached : t.itemStates[item.state]}
                </StateBadge>
              )}
            </Group>
            {item.speaker && (
              <Text size="sm" c="dimmed">
                {t.speaker(item.speaker)}
              </Text>
            )}
            {item.materials.map((file) => (
              <FileLink key={file.id} session={props.session} file={file} look="line">
                {`${file.name} (${format.bytes(file.sizeBytes)})`}
              </FileLink>
            ))}
            {item.draftDecision && !item.decision && (
              <Text size="sm" component="div" className="quote">
                <Text span c="dimmed" size="sm">
                  {t.draftDecision}:{' '}
                </Text>
                {item.draftDecision}
              </Text>
            )}
            {item.decision && (
              <Text size="sm" component="div" className="quote">
                <Text span fw={600} size="sm">
                  {t.decision}:{' '}
                </Text>
                {item.decision}
              </Text>
            )}
            {item.votes
              .filter((vote) => vote.result !== null)
              .map((vote) => (
                <details key={vote.id} style={{ marginTop: 8 }}>
                  <summary style={{ cursor: 'pointer', fontSize: '0.875rem' }}>
                    {t.result}: {vote.result?.adopted ? t.adopted : t.rejected}
                  </summary>
                  <VoteResult vote={vote} />
                </details>
              ))}
          </div>
        </li>
      ))}
    </ol>
  );
}
