import { Anchor, Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Inbox } from 'lucide-react';
import { useState } from 'react';
import { useClient, useMutation } from 'urql';
import { usePaged } from '#platform/client';
import {
  Card,
  EmptyState,
  FailureState,
  ListSkeleton,
  Page,
  StateBadge,
  toast,
} from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { useRecordRefusal } from '../record/use-record-refusal';
import { ChangesTable } from '../requests/changes-table';
import {
  ApproveCorrection,
  type CorrectionFacts,
  CorrectionsQuery,
  RejectCorrection,
} from '../requests/documents';
import { ReasonDialog } from '../requests/reason-dialog';
import { requestsTexts } from '../requests/texts';

const TONES = { PENDING: 'brand', APPROVED: 'good', REJECTED: 'bad' } as const;
const TOUCHED = { additionalTypenames: ['Correction', 'Member'] };

/** What members ask to have corrected; the keeper accepts or refuses. */
export default function CorrectionsPage() {
  const t = useTexts(requestsTexts);
  const client = useClient();
  const { tenant } = useTenancy();
  const [which, setWhich] = useState<'PENDING' | 'ALL'>('PENDING');
  const { rows, hasMore, failure, loading, loadMore, reload } = usePaged<CorrectionFacts>(
    `${tenant.slug}/${which}`,
    async (after) => {
      const answer = await client
        .query(
          CorrectionsQuery,
          { state: which === 'ALL' ? null : which, first: 30, after },
          { requestPolicy: 'network-only' },
        )
        .toPromise();
      return { page: answer.data?.corrections, error: answer.error };
    },
  );
  return (
    <Page
      title={t.correctionsTitle}
      subtitle={t.correctionsHint}
      back={{ label: t.register, link: links.members(tenant.slug) }}
      width="reading"
    >
      <Stack gap="md">
        <SegmentedControl
          aria-label={t.which}
          value={which}
          onChange={(value) => setWhich(value === 'ALL' ? 'ALL' : 'PENDING')}
          data={[
            { value: 'PENDING', label: t.waiting },
            { value: 'ALL', label: t.all },
          ]}
          style={{ alignSelf: 'flex-start' }}
        />
        {failure && <FailureState failure={failure} onRetry={reload} />}
        {loading && <ListSkeleton rows={6} />}
        {!loading && !failure && rows.length === 0 && (
          <Card>
            <EmptyState icon={Inbox} title={t.correctionsEmpty} text={t.correctionsEmptyText} />
          </Card>
        )}
        {rows.map((correction) => (
          <CorrectionCard key={correction.id} correction={correction} onDecided={reload} />
        ))}
        {hasMore && (
          <Button variant="default" onClick={loadMore}>
            {t.loadMore}
          </Button>
        )}
      </Stack>
    </Page>
  );
}

function CorrectionCard(props: { correction: CorrectionFacts; onDecided: () => void }) {
  const t = useTexts(requestsTexts);
  const format = useFormat();
  const refusal = useRecordRefusal();
  const { tenant } = useTenancy();
  const { correction } = props;
  const [refusing, setRefusing] = useState(false);
  const [{ fetching }, approve] = useMutation(ApproveCorrection);
  const [, reject] = useMutation(RejectCorrection);

  async function accept() {
    const answer = await approve({ correction: correction.id }, TOUCHED);
    if (answer.error) return toast.bad(refusal(answer.error));
    const status = answer.data?.approveCorrection.status;
    if (status === 'DUPLICATE') return toast.bad(t.duplicate);
    if (status === 'OK') toast.good(t.approved);
    else toast.bad(t.alreadyDecided);
    props.onDecided();
  }

  async function refuse(reason: string): Promise<string | null> {
    const answer = await reject({ correction: correction.id, reason }, TOUCHED);
    if (answer.error) return refusal(answer.error);
    if (answer.data?.rejectCorrection.status === 'OK') toast.good(t.rejected);
    else toast.bad(t.alreadyDecided);
    props.onDecided();
    return null;
  }

  return (
    <section className="card card-padded" aria-label={correction.member.fullName}>
      <Group justify="space-between" gap="sm">
        <div>
          <Anchor
            fw={600}
            renderRoot={(rest) => (
              <Link {...links.member(tenant.slug, correction.member.id)} {...rest} />
            )}
          >
            {correction.member.fullName}
          </Anchor>
          <Text size="sm" c="dimmed">
            {correction.member.unit.name} · {t.asked(format.dateTime(correction.requestedAt))}
          </Text>
        </div>
        <StateBadge tone={TONES[correction.state]}>{t.states[correction.state]}</StateBadge>
      </Group>
      <ChangesTable changes={correction.changes} />
      {correction.note && <Text size="sm">{t.note(correction.note)}</Text>}
      {correction.state !== 'PENDING' && correction.decidedAt && (
        <Text size="sm" c="dimmed">
          {t.decided(correction.decidedBy ?? '—', format.dateTime(correction.decidedAt))}
          {correction.reason && `. ${t.reason}: ${correction.reason}`}
        </Text>
      )}
      {correction.state === 'PENDING' && (
        <Group mt="sm" gap="sm">
          <Button size="sm" loading={fetching} onClick={() => void accept()}>
            {t.approve}
          </Button>
          <Button size="sm" variant="default" onClick={() => setRefusing(true)}>
            {t.reject}
          </Button>
        </Group>
      )}
      {refusing && (
        <ReasonDialog
          title={t.rejectTitle}
          submit={t.rejectSubmit}
          onClose={() => setRefusing(false)}
          onRefuse={refuse}
        />
      )}
    </section>
  );
}
