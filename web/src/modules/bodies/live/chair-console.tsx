import { Button, Stack, Text, Textarea, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Note, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useTexts } from '#platform/languages';
import {
  CloseSession,
  CloseVote,
  type LiveItem,
  type LiveSession,
  OpenSession,
  OpenVote,
  RecordDecision,
  TakeAgendaItem,
} from './documents';
import { useSessionActions } from './session-actions';
import { sessionTexts } from './texts';

/** What the chair does, in the order in which it is done. */
export default function ChairConsole(props: { session: LiveSession }) {
  const t = useTexts(sessionTexts);
  const { session } = props;
  const { busy, run } = useSessionActions();
  const { ask, dialog } = useConfirm();
  const current = session.agenda.find((item) => item.id === session.currentItem?.id) ?? null;
  const others = session.agenda.filter((item) => item.id !== current?.id);
  const vote = session.openVote;

  if (session.state === 'SCHEDULED') {
    return (
      <Stack gap="sm">
        <Text size="sm">{t.openHint}</Text>
        {!session.quorum.reached && (
          <Note tone="warn">{t.openWithoutQuorum(missing(session.quorum))}</Note>
        )}
        <Button
          size="md"
          disabled={!session.quorum.reached}
          loading={busy === 'open'}
          onClick={() =>
            void run('open', OpenSession, { session: session.id }, (d) => d.openSession.status)
          }
        >
          {t.openSession}
        </Button>
      </Stack>
    );
  }
  if (session.state !== 'OPEN') return <Text c="dimmed">{t.closedNote}</Text>;

  return (
    <Stack gap="lg">
      {vote ? (
        <Button
          size="md"
          loading={busy === 'close-vote'}
          onClick={() =>
            ask({
              title: t.closeVoteTitle,
              text: t.closeVoteText(vote.castCount, vote.presentAtOpening),
              confirm: t.closeVote,
              run: () => run('close-vote', CloseVote, { vote: vote.id }, (d) => d.closeVote.status),
            })
          }
        >
          {t.closeVote}
        </Button>
      ) : (
        current && <ItemConsole key={current.id} session={session} item={current} />
      )}
      {!vote && others.length > 0 && (
        <section aria-label={t.takeItem}>
          <Title order={3} fz="md" mb="xs">
            {t.takeItem}
          </Title>
          <Stack gap={6}>
            {others.map((item) => (
              <Button
                key={item.id}
                variant={item.state === 'DONE' ? 'subtle' : 'default'}
                justify="flex-start"
                h="auto"
                py={8}
                styles={{ label: { whiteSpace: 'normal', textAlign: 'left' } }}
                loading={busy === item.id}
                onClick={() =>
                  void run(
                    item.id,
                    TakeAgendaItem,
                    { item: item.id },
                    (d) => d.takeAgendaItem.status,
                  )
                }
              >
                {t.nextItem(item.position, item.title)}
              </Button>
            ))}
          </Stack>
        </section>
      )}
      <div>
        <Button
          color="red"
          variant="outline"
          fullWidth
          disabled={vote !== null}
          onClick={() =>
            ask({
              title: t.closeSessionTitle,
              text: t.closeSessionText,
              confirm: t.closeSession,
              danger: true,
              run: () =>
                run('close', CloseSession, { session: session.id }, (d) => d.closeSession.status),
            })
          }
        >
          {t.closeSession}
        </Button>
        {vote && (
          <Text size="sm" c="dimmed" mt={4}>
            {t.closeSessionVoteOpen}
          </Text>
        )}
      </div>
      {dialog}
    </Stack>
  );
}

/** The item under discussion: put a motion to the vote, record the decision. */
function ItemConsole(props: { session: LiveSession; item: LiveItem }) {
  const t = useTexts(sessionTexts);
  const { session, item } = props;
  const { busy, run } = useSessionActions();
  const [motion, setMotion] = useState(item.draftDecision ?? item.title);
  const [decision, setDecision] = useState(item.decision ?? '');
  const [motionError, setMotionError] = useState<string | null>(null);
  const [decisionError, setDecisionError] = useState<string | null>(null);
  const { reached } = session.quorum;
  const lastAdopted = item.votes.findLast((vote) => vote.result?.adopted)?.motion ?? null;

  // The usual decision is what was just adopted; the chair may reword it.
  useEffect(() => {
    if (lastAdopted) setDecision((before) => before || lastAdopted);
  }, [lastAdopted]);

  async function openVote() {
    if (!motion.trim()) return setMotionError(t.motionMissing);
    await run(
      'vote',
      OpenVote,
      { input: { item: item.id, motion: motion.trim() } },
      (d) => d.openVote.status,
    );
  }

  async function record() {
    if (!decision.trim()) return setDecisionError(t.decisionMissing);
    const done = await run(
      'decision',
      RecordDecision,
      { item: item.id, decision: decision.trim() },
      (d) => d.recordDecision.status,
    );
    if (done) toast.good(t.decisionSaved);
  }

  return (
    <Stack gap="md">
      <Stack gap="xs">
        <Textarea
          label={t.motion}
          autosize
          minRows={2}
          maxRows={8}
          value={motion}
          error={motionError}
          onChange={(event) => {
            setMotion(event.currentTarget.value);
            setMotionError(null);
          }}
        />
        {!reached && <Note tone="warn">{t.voteNoQuorum(missing(session.quorum))}</Note>}
        <Button disabled={!reached} loading={busy === 'vote'} onClick={() => void openVote()}>
          {t.putToVote}
        </Button>
      </Stack>
      <Stack gap="xs">
        <Textarea
          label={t.decisionLabel}
          autosize
          minRows={2}
          maxRows={8}
          value={decision}
          error={decisionError}
          onChange={(event) => {
            setDecision(event.currentTarget.value);
            setDecisionError(null);
          }}
        />
        <Button variant="light" loading={busy === 'decision'} onClick={() => void record()}>
          {t.recordDecision}
        </Button>
      </Stack>
    </Stack>
  );
}

/** How many people are missing for a quorum. */
function missing({ present, required }: LiveSession['quorum']): number {
  return Math.max(0, required - present);
}
