import { Text, Title } from '@mantine/core';
import { Card } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import type { MemberImport } from './documents';
import { importTexts } from './texts';

type Report = NonNullable<MemberImport['report']>;
type Counted = { label: string; count: number };

/** What the check found, in numbers. */
export function ImportReport(props: { report: Report; stored?: boolean }) {
  const t = useTexts(importTexts);
  const format = useFormat();
  const { report } = props;
  const total = (counts: readonly { count: number }[]) =>
    counts.reduce((sum, { count }) => sum + count, 0);
  const inWords = (counts: Report['rejected']): Counted[] =>
    counts.map(({ code, count }) => ({ label: t.codes[code] ?? code, count }));
  const figures = [
    { label: props.stored ? t.acceptedDone : t.accepted, count: report.accepted, tone: 'good' },
    { label: t.duplicates, count: report.duplicates, tone: 'neutral' },
    { label: t.rejected, count: total(report.rejected), tone: 'bad' },
    { label: t.warned, count: total(report.warnings), tone: 'warn' },
  ];
  const facts = [
    t.rowsRead(report.rows),
    report.blankRows > 0 && t.blankRows(report.blankRows),
    report.acceptedWithElectedOffice > 0 && t.electedOffices(report.acceptedWithElectedOffice),
  ];
  return (
    <Card title={t.result}>
      <div className="import-figures">
        {figures.map((figure) => (
          <div
            key={figure.label}
            className="import-figure"
            data-tone={figure.count > 0 ? figure.tone : 'neutral'}
          >
            <b className="tabular">{format.number(figure.count)}</b>
            <span>{figure.label}</span>
          </div>
        ))}
      </div>
      <Text size="sm" c="dimmed" mt="md">
        {facts.filter(Boolean).join(' · ')}
      </Text>
      <div className="import-lists">
        <Counts title={t.whyRejected} counts={inWords(report.rejected)} />
        <Counts title={t.whyWarned} counts={inWords(report.warnings)} />
        <Counts
          title={t.byUnit}
          counts={report.acceptedByUnit.map(({ unit, count }) => ({ label: unit, count }))}
        />
      </div>
    </Card>
  );
}

function Counts(props: { title: string; counts: Counted[] }) {
  const format = useFormat();
  if (props.counts.length === 0) return null;
  return (
    <section aria-label={props.title}>
      <Title order={3} size="h4" fz="md">
        {props.title}
      </Title>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling list must be reachable by keyboard. */}
      <ul tabIndex={0} aria-label={props.title}>
        {props.counts.map(({ label, count }) => (
          <li key={label}>
            <span>{label}</span>
            <span className="tabular">{format.number(count)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
