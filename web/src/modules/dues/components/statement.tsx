import { Button, Group, Text } from '@mantine/core';
import { Undo2 } from 'lucide-react';
import { Card, StateBadge } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import type { DuesFacts, LedgerLine } from '../documents';
import { duesTexts } from '../texts';
import '../dues.css';

/** The dues of one member by month. */
export function MonthsTable(props: { months: DuesFacts['months'] }) {
  const t = useTexts(duesTexts);
  const format = useFormat();
  return (
    <Card title={t.monthsTable} padded={false}>
      {props.months.length === 0 ? (
        <Text c="dimmed" className="card-edge" pb={20}>
          {t.monthsEmpty}
        </Text>
      ) : (
        <table className="sums">
          <thead>
            <tr>
              <th scope="col">{t.month}</th>
              <th scope="col" data-sum>
                {t.charged}
              </th>
              <th scope="col" data-sum>
                {t.paid}
              </th>
              <th scope="col" data-sum>
                {t.balanceAtEnd}
              </th>
            </tr>
          </thead>
          <tbody>
            {props.months.map((month) => (
              <tr key={month.month}>
                <td data-head>{format.month(month.month)}</td>
                <td data-sum data-label={t.charged}>
                  {format.money(month.chargedKopecks)}
                </td>
                <td data-sum data-label={t.paid}>
                  {format.money(month.paidKopecks)}
                </td>
                <td data-sum data-label={t.balanceAtEnd}>
                  {format.money(month.balanceKopecks)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

/** The ledger of one member; with `onReverse`, entries can be taken back. */
export function Ledger(props: {
  entries: readonly LedgerLine[];
  onReverse?: (entry: LedgerLine) => void;
}) {
  const t = useTexts(duesTexts);
  const format = useFormat();
  const describe = (line: LedgerLine) =>
    [
      line.kind === 'CHARGE' || line.kind === 'CHARGE_REVERSAL'
        ? t.forMonth(format.month(line.month))
        : line.method && t.methods[line.method],
      line.reference && t.number(line.reference),
      line.reason ?? line.note,
    ]
      .filter(Boolean)
      .join(' · ');
  return (
    <Card title={t.ledger} padded={false}>
      <Text size="sm" c="dimmed" className="card-edge" pb={12}>
        {props.entries.length === 0 ? t.monthsEmpty : t.ledgerHint}
      </Text>
      <ul className="list-rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {props.entries.map((line) => (
          <li key={line.id} className="card-edge" style={{ paddingTop: 10, paddingBottom: 10 }}>
            <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-start">
              <div style={{ minWidth: 0 }}>
                <Group gap={8}>
                  <Text fw={500}>{t.kinds[line.kind]}</Text>
                  {line.reversedBy && <StateBadge tone="warn">{t.reversed}</StateBadge>}
                </Group>
                <Text size="sm" c="dimmed">
                  {[format.day(line.enteredOn), describe(line)].filter(Boolean).join(' · ')}
                </Text>
              </div>
              <div style={{ textAlign: 'right' }}>
                <Text fw={500} className="tabular" style={{ whiteSpace: 'nowrap' }}>
                  {line.kopecks > 0 ? '+' : ''}
                  {format.money(line.kopecks)}
                </Text>
                {props.onReverse &&
                  !line.reversedBy &&
                  (line.kind === 'CHARGE' || line.kind === 'PAYMENT') && (
                    <Button
                      variant="subtle"
                      size="compact-sm"
                      leftSection={<Undo2 size={14} aria-hidden />}
                      onClick={() => props.onReverse?.(line)}
                    >
                      {t.reverse}
                    </Button>
                  )}
              </div>
            </Group>
          </li>
        ))}
      </ul>
    </Card>
  );
}
