import { Button, SegmentedControl, Stack } from '@mantine/core';
import { ArrowRightLeft } from 'lucide-react';
import { useState } from 'react';
import { useClient } from 'urql';
import { usePaged } from '#platform/client';
import { Card, EmptyState, FailureState, ListSkeleton, Page } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { type TransferFacts, TransfersQuery } from '../requests/documents';
import { requestsTexts } from '../requests/texts';
import { TransferCard } from '../requests/transfer-card';

/** Transfers from other organizations and to them. */
export default function TransfersPage() {
  const t = useTexts(requestsTexts);
  const client = useClient();
  const { tenant } = useTenancy();
  const [direction, setDirection] = useState<'INCOMING' | 'OUTGOING'>('INCOMING');
  const { rows, hasMore, failure, loading, stale, loadMore, reload } = usePaged<TransferFacts>(
    `${tenant.slug}/${direction}`,
    async (after) => {
      const answer = await client
        .query(TransfersQuery, { direction, first: 30, after }, { requestPolicy: 'network-only' })
        .toPromise();
      return { page: answer.data?.memberTransfers, error: answer.error };
    },
  );
  const incoming = direction === 'INCOMING';
  return (
    <Page
      title={t.transfersTitle}
      subtitle={tenant.name}
      back={{ label: t.register, link: links.members(tenant.slug) }}
      width="reading"
    >
      <Stack gap="md">
        <SegmentedControl
          aria-label={t.direction}
          value={direction}
          onChange={(value) => setDirection(value === 'OUTGOING' ? 'OUTGOING' : 'INCOMING')}
          data={[
            { value: 'INCOMING', label: t.incoming },
            { value: 'OUTGOING', label: t.outgoing },
          ]}
          style={{ alignSelf: 'flex-start' }}
        />
        {failure && <FailureState failure={failure} onRetry={reload} />}
        {loading && <ListSkeleton rows={6} />}
        {!loading && !failure && !stale && rows.length === 0 && (
          <Card>
            <EmptyState
              icon={ArrowRightLeft}
              title={incoming ? t.incomingEmpty : t.outgoingEmpty}
              text={incoming ? t.incomingEmptyText : t.outgoingEmptyText}
            />
          </Card>
        )}
        {!stale &&
          rows.map((transfer) => (
            <TransferCard key={transfer.id} transfer={transfer} onDecided={reload} />
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
