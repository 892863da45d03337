import { Button, Checkbox, Group, SegmentedControl, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { type Client, useClient } from 'urql';
import { usePaged } from '#platform/client';
import { Card, FailureState, ListSkeleton, StateBadge, toast } from '#platform/design';
import { VirtualRows } from '#platform/design/virtual-rows';
import { useFormat, useTexts } from '#platform/languages';
import { csv, saveText } from './csv';
import { type ImportRow, ImportRowsQuery } from './documents';
import { importTexts } from './texts';

type Outcome = ImportRow['outcome'];

const TONES = { ACCEPTED: 'good', DUPLICATE: 'neutral', REJECTED: 'bad' } as const;

async function loadRows(
  client: Client,
  variables: {
    id: string;
    first: number;
    after: string | null;
    outcome: Outcome[] | null;
    withProblems: boolean | null;
  },
) {
  const answer = await client
    .query(ImportRowsQuery, variables, { requestPolicy: 'network-only' })
    .toPromise();
  const node = answer.data?.node;
  return {
    page: node?.__typename === 'MemberImport' ? node.rows : undefined,
    error: answer.error,
  };
}

/** The rows of the file as they were understood, each problem beside its row. */
export default function ImportRows(props: { id: string; revision: number; fileName: string }) {
  const t = useTexts(importTexts);
  const format = useFormat();
  const client = useClient();
  const phone = useMediaQuery('(max-width: 800px)') ?? false;
  const [outcome, setOutcome] = useState<Outcome | 'ALL'>('ALL');
  const [onlyProblems, setOnlyProblems] = useState(false);
  const [saving, setSaving] = useState(false);

  const paged = usePaged<ImportRow>(
    JSON.stringify([props.id, props.revision, outcome, onlyProblems]),
    (after) =>
      loadRows(client, {
        id: props.id,
        first: 100,
        after,
        outcome: outcome === 'ALL' ? null : [outcome],
        withProblems: onlyProblems || null,
      }),
  );

  function problemText(problem: ImportRow['problems'][number]): string {
    const text = t.codes[problem.code] ?? problem.code;
    const placed = problem.columnLetter ? t.problemIn(text, problem.columnLetter) : text;
    return problem.value ? `${placed} (${t.value(problem.value)})` : placed;
  }

  async function download() {
    setSaving(true);
    const lines: string[][] = [[t.rowNumber, t.person, t.birthDate, t.unit, t.outcome, t.problems]];
    let after: string | null = null;
    for (;;) {
      const { page } = await loadRows(client, {
        id: props.id,
        first: 200,
        after,
        outcome: null,
        withProblems: true,
      });
      for (const row of page?.nodes ?? []) {
        lines.push([
          String(row.rowNumber),
          row.fullName ?? '',
          row.birthDate ? format.day(row.birthDate) : '',
          row.unit ?? '',
          t.outcomes[row.outcome],
          row.problems.map(problemText).join('; '),
        ]);
      }
      if (!page?.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    setSaving(false);
    if (lines.length === 1) toast.good(t.noProblems);
    else saveText(`${props.fileName.replace(/\.\w+$/, '')}-${t.downloadFile}.csv`, csv(lines));
  }

  const problems = (row: ImportRow) => (
    <ul className="import-problems">
      {row.problems.map((problem) => (
        <li
          key={`${problem.code}-${problem.columnLetter}`}
          style={{
            color: problem.severity === 'ERROR' ? 'var(--plenum-bad)' : 'var(--plenum-warn)',
          }}
        >
          {problemText(problem)}
        </li>
      ))}
    </ul>
  );

  return (
    <Card
      title={t.preview}
      padded={false}
      aside={
        <Button
          variant="default"
          size="xs"
          loading={saving}
          leftSection={<Download size={15} aria-hidden />}
          onClick={() => void download()}
        >
          {t.download}
        </Button>
      }
    >
      <Group px={20} pb="sm" gap="lg">
        <SegmentedControl
          aria-label={t.filterOutcome}
          size="xs"
          value={outcome}
          onChange={(value) => setOutcome(value as Outcome | 'ALL')}
          data={[
            { value: 'ALL', label: t.all },
            { value: 'ACCEPTED', label: t.onlyAccepted },
            { value: 'DUPLICATE', label: t.onlyDuplicates },
            { value: 'REJECTED', label: t.onlyRejected },
          ]}
        />
        <Checkbox
          label={t.onlyProblems}
          checked={onlyProblems}
          onChange={(event) => setOnlyProblems(event.currentTarget.checked)}
        />
      </Group>
      {paged.failure && (
        <div className="card-padded">
          <FailureState failure={paged.failure} onRetry={paged.reload} />
        </div>
      )}
      {paged.loading && <ListSkeleton rows={8} />}
      {!paged.loading && !paged.stale && paged.rows.length === 0 && !paged.failure && (
        <Text c="dimmed" px={20} pb={20}>
          {t.noRows}
        </Text>
      )}
      {paged.rows.length > 0 && (
        <div style={{ opacity: paged.stale ? 0.55 : 1 }}>
          <VirtualRows
            label={t.preview}
            columns={[
              { title: t.rowNumber, width: '64px' },
              { title: t.person, width: 'minmax(180px, 1.3fr)' },
              { title: t.birthDate, width: '120px' },
              { title: t.unit, width: 'minmax(120px, 1fr)' },
              { title: t.outcome, width: '110px' },
              { title: t.problems, width: 'minmax(220px, 2fr)' },
            ]}
            rows={paged.rows}
            rowKey={(row) => String(row.rowNumber)}
            total={paged.hasMore ? -1 : paged.rows.length}
            estimatedRowHeight={phone ? 76 : 44}
            height="560px"
            onNearEnd={paged.loadMore}
            cells={(row) => [
              <Text key="n" size="sm" c="dimmed" className="tabular">
                {row.rowNumber}
              </Text>,
              <Text key="p" size="sm" fw={500} className="truncate">
                {row.fullName ?? t.noName}
              </Text>,
              <Text key="b" size="sm" className="tabular">
                {row.birthDate ? format.day(row.birthDate) : '—'}
              </Text>,
              <Text key="u" size="sm" className="truncate">
                {row.unit ?? '—'}
              </Text>,
              <StateBadge key="o" tone={TONES[row.outcome]}>
                {t.outcomes[row.outcome]}
              </StateBadge>,
              <div key="m" style={{ padding: '6px 0' }}>
                {problems(row)}
              </div>,
            ]}
            compact={
              phone
                ? (row) => (
                    <div style={{ padding: '8px 0' }}>
                      <Group gap={8} justify="space-between" wrap="nowrap">
                        <Text size="sm" fw={500} className="truncate">
                          {row.rowNumber}. {row.fullName ?? t.noName}
                        </Text>
                        <StateBadge tone={TONES[row.outcome]}>{t.outcomes[row.outcome]}</StateBadge>
                      </Group>
                      <Text size="xs" c="dimmed">
                        {row.birthDate ? format.day(row.birthDate) : '—'} · {row.unit ?? '—'}
                      </Text>
                      {problems(row)}
                    </div>
                  )
                : undefined
            }
          />
        </div>
      )}
    </Card>
  );
}
