import { Group, Text } from '@mantine/core';
import { StateBadge } from '#platform/design';
import { useTexts } from '#platform/languages';
import type { ItemVote } from './documents';
import './live.css';
import { sessionTexts } from './texts';

const TONES = { FOR: 'good', AGAINST: 'bad', ABSTAINED: 'warn' } as const;

/** The result of a closed vote, with every name. */
export function VoteResult(props: { vote: ItemVote }) {
  const t = useTexts(sessionTexts);
  const { motion, result } = props.vote;
  if (!result) return null;
  const counts = [
    [t.choices.FOR, result.for],
    [t.choices.AGAINST, result.against],
    [t.choices.ABSTAINED, result.abstained],
    [t.notVoted, result.notVoted],
  ] as const;
  return (
    <section aria-label={t.result} style={{ paddingTop: 8 }}>
      <Text fw={500}>{motion}</Text>
      <Group gap="sm" my={8}>
        <StateBadge tone={result.adopted ? 'good' : 'bad'}>
          {result.adopted ? t.adopted : t.rejected}
        </StateBadge>
        <Text size="sm" c="dimmed">
          {t.neededVotes(result.required)}
        </Text>
      </Group>
      <Group gap="lg" mb={10}>
        {counts.map(([label, count]) => (
          <div key={label}>
            <Text fw={650} fz="xl" lh={1.1} className="tabular">
              {count}
            </Text>
            <Text size="xs" c="dimmed">
              {label}
            </Text>
          </div>
        ))}
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling list must be reachable by keyboard. */}
      <div className="ballots-scroll" tabIndex={0}>
        <table className="ballots" aria-label={t.byName}>
          <tbody>
            {result.ballots.map((ballot) => (
              <tr key={ballot.seat.id}>
                <th scope="row">
                  {ballot.seat.fullName}
                  <Text size="xs" c="dimmed">
                    {ballot.seat.organization}
                  </Text>
                </th>
                <td>
                  <StateBadge tone={ballot.choice ? TONES[ballot.choice] : 'neutral'}>
                    {ballot.choice ? t.choices[ballot.choice] : t.notVoted}
                  </StateBadge>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
