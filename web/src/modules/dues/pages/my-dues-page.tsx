import { Stack } from '@mantine/core';
import { Coins } from 'lucide-react';
import { useClient, useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { EmptyState, FailureState, ListSkeleton, Page } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { BalanceCard } from '../components/balance-card';
import { ExportButtons } from '../components/export-buttons';
import { Ledger, MonthsTable } from '../components/statement';
import { ExportMyDues, MyDuesQuery } from '../documents';
import { duesTexts } from '../texts';

/** The viewer's own dues: what is to be paid, month by month, every entry. */
export default function MyDuesPage() {
  const t = useTexts(duesTexts);
  const client = useClient();
  const { tenant } = useTenancy();
  const [{ data, error }, retry] = useQuery({ query: MyDuesQuery });
  const dues = data?.myDues;
  return (
    <Page
      title={t.myDues}
      subtitle={dues?.unit.name}
      back={{ label: t.backToPortal, link: links.portal(tenant.slug) }}
      width="reading"
      actions={
        dues && (
          <ExportButtons
            make={async (period) => {
              const answer = await client.mutation(ExportMyDues, period).toPromise();
              return { url: answer.data?.exportMyDues.url, error: answer.error };
            }}
          />
        )
      }
    >
      {error && <FailureState failure={readFailure(error)} onRetry={() => retry()} />}
      {!data && !error && <ListSkeleton rows={8} />}
      {data && !dues && <EmptyState icon={Coins} title={t.myDues} text={t.myDuesNone} />}
      {dues && (
        <Stack gap="lg">
          <BalanceCard dues={dues} />
          <MonthsTable months={dues.months} />
          <Ledger entries={dues.entries.nodes} />
        </Stack>
      )}
    </Page>
  );
}
