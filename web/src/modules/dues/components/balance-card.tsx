import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Card, Note } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import type { DuesFacts } from '../documents';
import { duesTexts } from '../texts';
import { useRateWords } from './rate-words';

/** What is to be paid, since when, and by which rate. */
export function BalanceCard(props: {
  dues: Pick<DuesFacts, 'balanceKopecks' | 'overdue' | 'rate' | 'exemptions'>;
  title?: string;
  extra?: [string, ReactNode][];
  children?: ReactNode;
}) {
  const t = useTexts(duesTexts);
  const format = useFormat();
  const words = useRateWords();
  const { balanceKopecks: balance, overdue, rate } = props.dues;
  const exemption = props.dues.exemptions.find((one) => one.current);
  const facts: [string, ReactNode][] = [
    [t.rate, rate ? words(rate) : t.rateNone],
    [
      t.exemption,
      exemption
        ? `${t.grounds[exemption.ground]}, ${t.exemptionPeriod(
            format.month(exemption.from),
            exemption.until && format.month(exemption.until),
          )}`
        : t.exemptionNone,
    ],
    ...(props.extra ?? []),
  ];
  return (
    <Card title={props.title ?? t.balance}>
      <Text size="sm" c="dimmed">
        {balance < 0 ? t.balanceDebt : balance > 0 ? t.balanceAhead : t.balanceZero}
      </Text>
      <Text fz={30} fw={650} lh={1.2} className="tabular" mb="sm">
        {format.money(Math.abs(balance))}
      </Text>
      {overdue && (
        <div style={{ marginBottom: 16 }}>
          <Note tone="warn">
            {t.overdueText(
              format.money(overdue.kopecks),
              overdue.months,
              format.month(overdue.since),
            )}
          </Note>
        </div>
      )}
      <dl className="facts">
        {facts.map(([label, value]) => (
          <div key={label} style={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {props.children}
    </Card>
  );
}
