import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { CalendarPlus, Trash2, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { failureText, readFailure } from '#platform/client';
import {
  ButtonLink,
  Card,
  FailureState,
  ListSkeleton,
  Page,
  StateBadge,
  toast,
} from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import { AddSeatDialog } from '../components/add-seat-dialog';
import { useQuorumWords } from '../components/quorum-words';
import { SessionList } from '../components/session-list';
import { BodyQuery, RemoveSeat } from '../documents';
import { bodiesTexts } from '../texts';

/** One body: who is elected, what makes a quorum, its sessions. */
export default function BodyPage(props: { id: string }) {
  const t = useTexts(bodiesTexts);
  const words = useQuorumWords();
  const { tenant } = useTenancy();
  const [adding, setAdding] = useState(false);
  const { ask, dialog } = useConfirm();
  const [, removeSeat] = useMutation(RemoveSeat);
  const [{ data, error, fetching }, retry] = useQuery({
    query: BodyQuery,
    variables: { id: props.id },
  });

  if (error) return <FailureState failure={readFailure(error)} onRetry={() => retry()} />;
  const body = data?.node?.__typename === 'Body' ? data.node : null;
  if (!body) return fetching ? <ListSkeleton rows={12} /> : <NotFoundPage />;

  async function remove(seat: string) {
    const answer = await removeSeat({ seat }, { additionalTypenames: ['Body', 'Seat'] });
    if (answer.error) toast.bad(failureText(readFailure(answer.error)));
  }

  return (
    <Page
      title={body.name}
      subtitle={`${t.kinds[body.kind]} · ${t.elected(body.electedCount)}`}
      back={{ label: t.bodiesTitle, link: links.bodies(tenant.slug) }}
      width="reading"
      actions={
        body.viewerCan.schedule && (
          <ButtonLink
            link={links.scheduleSession(tenant.slug, body.id)}
            leftSection={<CalendarPlus size={17} aria-hidden />}
          >
            {t.scheduleAction}
          </ButtonLink>
        )
      }
    >
      <Stack gap="lg">
        <Card title={t.quorum}>
          <Text>{t.quorumSentence(words(body.quorumRule), t.required(body.requiredPresent))}</Text>
        </Card>
        <Card
          title={t.members}
          padded={false}
          aside={
            body.viewerCan.manage && (
              <Button
                variant="default"
                size="xs"
                leftSection={<UserPlus size={15} aria-hidden />}
                onClick={() => setAdding(true)}
              >
                {t.addSeat}
              </Button>
            )
          }
        >
          {body.seats.length === 0 && (
            <Text c="dimmed" px={20} pb={20}>
              {t.membersEmpty}
            </Text>
          )}
          <ul className="list-rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
            {body.seats.map((seat) => (
              <li key={seat.id} style={{ padding: '10px 20px' }}>
                <Group justify="space-between" gap="sm" wrap="nowrap">
                  <div style={{ minWidth: 0 }}>
                    <Group gap={8}>
                      <Text fw={500}>{seat.fullName}</Text>
                      {seat.office !== 'MEMBER' && (
                        <StateBadge tone="brand">{t.offices[seat.office]}</StateBadge>
                      )}
                      {seat.isViewer && <StateBadge>{t.you}</StateBadge>}
                    </Group>
                    <Text size="sm" c="dimmed" className="truncate">
                      {[seat.organization, seat.email].filter(Boolean).join(' · ')}
                    </Text>
                  </div>
                  {body.viewerCan.manage && (
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      c="dimmed"
                      size={36}
                      aria-label={t.removeSeat(seat.fullName)}
                      onClick={() =>
                        ask({
                          title: t.removeSeatTitle,
                          text: t.removeSeatText(seat.fullName),
                          confirm: t.removeSeatConfirm,
                          danger: true,
                          run: () => remove(seat.id),
                        })
                      }
                    >
                      <Trash2 size={17} aria-hidden />
                    </ActionIcon>
                  )}
                </Group>
              </li>
            ))}
          </ul>
        </Card>
        <Card title={t.sessionsOfBody} padded={false}>
          {body.sessions.nodes.length === 0 ? (
            <Text c="dimmed" px={20} pb={20}>
              {t.sessionsEmpty}
            </Text>
          ) : (
            <SessionList sessions={body.sessions.nodes} showBody={false} />
          )}
        </Card>
      </Stack>
      <AddSeatDialog body={body.id} opened={adding} onClose={() => setAdding(false)} />
      {dialog}
    </Page>
  );
}
