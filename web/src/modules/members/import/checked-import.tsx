import { Button, Group, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { type CombinedError, useMutation } from 'urql';
import { failureText, readFailure } from '#platform/client';
import { ListSkeleton, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { language, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { ColumnMapping } from './column-mapping';
import { CommitImport, DiscardImport, type MemberImport, SetMapping } from './documents';
import { ImportReport } from './import-report';
import { type ImportField, type Mapping, sameMapping } from './mapping';
import { importTexts } from './texts';

const ImportRows = lazy(() => import('./import-rows'));

/** A checked file: correct the columns, look at the rows, then store or discard. */
export function CheckedImport(props: { item: MemberImport; onChanged: () => void }) {
  const t = useTexts(importTexts);
  const { tenant } = useTenancy();
  const { item } = props;
  const saved: Mapping = new Map(item.columns.map((column) => [column.index, column.field]));
  const [edited, setEdited] = useState<Mapping | null>(null);
  const [revision, setRevision] = useState(0);
  const [mappingResult, setMapping] = useMutation(SetMapping);
  const [, commit] = useMutation(CommitImport);
  const [, discard] = useMutation(DiscardImport);
  const { ask, dialog } = useConfirm();
  const mapping = edited ?? saved;
  const changed = !sameMapping(mapping, saved);
  const accepted = item.report?.accepted ?? 0;

  function choose(index: number, field: ImportField | null) {
    setEdited(new Map(mapping).set(index, field));
  }

  async function tell(error: CombinedError) {
    const failure = readFailure(error);
    const { refusals } = await import('./refusals');
    const reasons = [failure.reason ?? '', ...failure.fields.map((field) => field.reason)];
    const known = reasons.map((reason) => refusals[language()][reason]).find(Boolean);
    toast.bad(known ?? failureText(failure));
  }

  async function recheck() {
    const columns = [...mapping].map(([index, field]) => ({ index, field }));
    const answer = await setMapping({ import: item.id, columns });
    if (answer.error) {
      await tell(answer.error);
      return;
    }
    setEdited(null);
    setRevision((n) => n + 1);
    props.onChanged();
  }

  async function run(mutate: typeof commit | typeof discard) {
    const answer = await mutate({ import: item.id });
    if (answer.error) await tell(answer.error);
    props.onChanged();
  }

  const actions = (
    <Group justify="flex-end" gap="sm">
      {(changed || accepted === 0) && (
        <Text size="sm" c="dimmed">
          {changed ? t.mappingChanged : t.nothingToCommit}
        </Text>
      )}
      <Button
        variant="default"
        onClick={() =>
          ask({
            title: t.discardTitle,
            text: t.discardText,
            confirm: t.discard,
            danger: true,
            run: () => run(discard),
          })
        }
      >
        {t.discard}
      </Button>
      <Button
        disabled={changed || accepted === 0}
        onClick={() =>
          ask({
            title: t.commitTitle,
            text: t.commitText(accepted, tenant.name),
            confirm: t.commitConfirm,
            run: () => run(commit),
          })
        }
      >
        {t.commit(accepted)}
      </Button>
    </Group>
  );

  return (
    <Stack gap="lg">
      {item.report && <ImportReport report={item.report} />}
      {actions}
      <ColumnMapping
        item={item}
        mapping={mapping}
        changed={changed}
        busy={mappingResult.fetching}
        onChange={choose}
        onRecheck={() => void recheck()}
      />
      <Suspense fallback={<ListSkeleton rows={8} />}>
        <ImportRows id={item.id} revision={revision} fileName={item.fileName} />
      </Suspense>
      {dialog}
    </Stack>
  );
}
