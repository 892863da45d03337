import { Group, Text, Title } from '@mantine/core';
import { Check, Minus, X } from 'lucide-react';
import { useState } from 'react';
import { useMutation } from 'urql';
import { failureText, readFailure } from '#platform/client';
import { Note, StateBadge, toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { CastBallot, type Choice, type LiveSession } from './documents';
import './live.css';
import { sessionTexts } from './texts';

const CHOICES = [
  { choice: 'FOR', Icon: Check },
  { choice: 'AGAINST', Icon: X },
  { choice: 'ABSTAINED', Icon: Minus },
] as const;

/** An open vote: one question, three answers, the own answer confirmed by the server. */
export function VotePanel(props: { vote: NonNullable<LiveSession['openVote']>; mayVote: boolean }) {
  const t = useTexts(sessionTexts);
  const { vote } = props;
  const [, cast] = useMutation(CastBallot);
  const [sending, setSending] = useState<Choice | null>(null);
  // What the server confirmed to this click; the push that says the same may be on its way.
  const [confirmed, setConfirmed] = useState<{ vote: string; choice: Choice | null } | null>(null);
  const own = (confirmed?.vote === vote.id ? confirmed.choice : null) ?? vote.viewerChoice;

  async function choose(choice: Choice) {
    if (sending) return;
    setSending(choice);
    const answer = await cast({ vote: vote.id, choice });
    setSending(null);
    if (answer.error) {
      toast.bad(failureText(readFailure(answer.error)));
      return;
    }
    switch (answer.data?.castBallot.status) {
      case 'OK':
        setConfirmed({ vote: vote.id, choice: answer.data.castBallot.vote.viewerChoice ?? choice });
        return;
      case 'VOTE_CLOSED':
        toast.bad(t.voteClosedRefusal);
        return;
      case 'NOT_PRESENT':
        toast.bad(t.notPresentRefusal);
    }
  }

  return (
    <section className="vote-panel" aria-label={t.vote} data-testid="vote-panel">
      <Group justify="space-between" gap="sm" mb={8}>
        <StateBadge tone="brand">{t.voteMode}</StateBadge>
        <Text size="sm" c="dimmed" className="tabular">
          {t.cast(vote.castCount, vote.presentAtOpening)}
        </Text>
      </Group>
      <Title order={2} fz="lg" mb="md">
        {vote.motion}
      </Title>
      {props.mayVote ? (
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: toggle buttons, no form fields. */}
          <div className="vote-choices" role="group" aria-label={vote.motion}>
            {CHOICES.map(({ choice, Icon }) => (
              <button
                key={choice}
                type="button"
                className="vote-choice"
                data-choice={choice}
                aria-pressed={own === choice}
                disabled={sending !== null}
                onClick={() => void choose(choice)}
              >
                <Icon size={22} aria-hidden />
                {t.choices[choice]}
              </button>
            ))}
          </div>
          <Text size="sm" mt="sm" role="status" fw={own ? 600 : 400}>
            {own ? t.yourVote(t.choices[own]) : t.chooseHint}
          </Text>
          <Text size="xs" c="dimmed">
            {own ? t.changeHint : t.voteModeHint}
          </Text>
        </>
      ) : (
        <Note>{t.noVoice}</Note>
      )}
    </section>
  );
}
