import { Button, Group, Stack, Text } from '@mantine/core';
import { Coins, Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useClient, useMutation, useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { Card, EmptyState, FailureState, ListSkeleton, StateBadge, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import {
  type DuesFacts,
  DuesQuery,
  EndExemption,
  ExportStatement,
  type LedgerLine,
} from '../documents';
import { permissions } from '../permissions';
import { monthOf } from '../sums';
import { duesTexts } from '../texts';
import { BalanceCard } from './balance-card';
import { ExportButtons } from './export-buttons';
import {
  ChargeMemberDialog,
  DeclareSalaryDialog,
  ExemptionDialog,
  ReverseDialog,
} from './member-dialogs';
import { Ledger, MonthsTable } from './statement';
import { useRefusalText } from './use-refusal-text';

const RecordPaymentDialog = lazy(() => import('./record-payment-dialog'));

/** The dues of one member with everything that a treasurer does about them. */
export default function MemberDues(props: { member: string }) {
  const t = useTexts(duesTexts);
  const format = useFormat();
  const client = useClient();
  const { may } = useTenancy();
  const [dialog, setDialog] = useState<'payment' | 'salary' | 'exemption' | 'charge' | null>(null);
  const [wrong, setWrong] = useState<LedgerLine | null>(null);
  const [{ data, error }, retry] = useQuery({
    query: DuesQuery,
    variables: { member: props.member },
  });
  if (error) return <FailureState failure={readFailure(error)} onRetry={() => retry()} />;
  if (!data) return <ListSkeleton rows={8} />;
  const { dues } = data;
  if (!dues) return <EmptyState icon={Coins} title={t.statement} text={t.notYours} />;
  const close = () => setDialog(null);
  return (
    <Stack gap="lg">
      <Group justify="space-between" gap="sm">
        <Group gap="xs">
          {may(permissions.record) && (
            <Button
              size="sm"
              leftSection={<Plus size={16} aria-hidden />}
              onClick={() => setDialog('payment')}
            >
              {t.recordPayment}
            </Button>
          )}
          {may(permissions.charge) && (
            <Button size="sm" variant="default" onClick={() => setDialog('charge')}>
              {t.chargeOne}
            </Button>
          )}
        </Group>
        <ExportButtons
          make={async (period) => {
            const answer = await client
              .mutation(ExportStatement, { member: props.member, ...period })
              .toPromise();
            return { url: answer.data?.exportDuesStatement.url, error: answer.error };
          }}
        />
      </Group>
      <BalanceCard
        dues={dues}
        extra={[
          [
            t.salary,
            dues.salary
              ? t.salaryFrom(format.money(dues.salary.kopecks), format.month(dues.salary.validFrom))
              : t.salaryNone,
          ],
        ]}
      >
        {may(permissions.manage) && (
          <Group gap="xs" mt="md">
            <Button size="xs" variant="default" onClick={() => setDialog('salary')}>
              {t.declareSalary}
            </Button>
            <Button size="xs" variant="default" onClick={() => setDialog('exemption')}>
              {t.grantExemption}
            </Button>
          </Group>
        )}
      </BalanceCard>
      {dues.exemptions.length > 0 && <Exemptions exemptions={dues.exemptions} />}
      <MonthsTable months={dues.months} />
      <Ledger
        entries={dues.entries.nodes}
        onReverse={may(permissions.record) ? setWrong : undefined}
      />
      {dialog === 'payment' && (
        <Suspense>
          <RecordPaymentDialog member={props.member} onClose={close} />
        </Suspense>
      )}
      <DeclareSalaryDialog member={props.member} opened={dialog === 'salary'} onClose={close} />
      <ExemptionDialog member={props.member} opened={dialog === 'exemption'} onClose={close} />
      <ChargeMemberDialog member={props.member} opened={dialog === 'charge'} onClose={close} />
      <ReverseDialog entry={wrong} onClose={() => setWrong(null)} />
    </Stack>
  );
}

function Exemptions(props: { exemptions: DuesFacts['exemptions'] }) {
  const t = useTexts(duesTexts);
  const format = useFormat();
  const { may } = useTenancy();
  const refusalText = useRefusalText();
  const { ask, dialog } = useConfirm();
  const [, end] = useMutation(EndExemption);

  async function stop(exemption: string) {
    const answer = await end({ exemption, until: monthOf(new Date()) });
    if (answer.error) toast.bad(refusalText(answer.error));
    else toast.good(t.exemptionEnded);
  }

  return (
    <Card title={t.exemption} padded={false}>
      <ul className="list-rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {props.exemptions.map((one) => (
          <li key={one.id} className="card-edge" style={{ paddingTop: 10, paddingBottom: 10 }}>
            <Group justify="space-between" gap="sm">
              <div>
                <Text fw={500}>{t.grounds[one.ground]}</Text>
                <Text size="sm" c="dimmed" component="div">
                  {one.until && one.until < one.from ? (
                    <StateBadge>{t.withdrawn}</StateBadge>
                  ) : (
                    t.exemptionPeriod(format.month(one.from), one.until && format.month(one.until))
                  )}
                  {one.note && ` · ${one.note}`}
                </Text>
              </div>
              {one.current && may(permissions.manage) && (
                <Button
                  size="xs"
                  variant="default"
                  onClick={() =>
                    ask({
                      title: t.endExemptionTitle,
                      text: t.endExemptionText,
                      confirm: t.endExemption,
                      run: () => stop(one.id),
                    })
                  }
                >
                  {t.endExemption}
                </Button>
              )}
            </Group>
          </li>
        ))}
      </ul>
      {dialog}
    </Card>
  );
}
