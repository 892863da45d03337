import { Anchor, Button, Group, Modal, NativeSelect, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation, useQuery, useSubscription } from 'urql';
import { readFailure, useFailureText } from '#platform/client';
import { Note, StateBadge } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import {
  ExportMembers,
  type MemberExportFacts,
  MemberExportsQuery,
  MemberExportUpdates,
} from '../documents';
import type { FilterInput } from '../register-filter';
import { membersTexts } from '../texts';

type Sort = 'NAME' | 'UNIT' | 'BIRTH_DATE' | 'JOINED_ON';

/** Exports what the filter leaves. The work goes on when the dialog is closed: it is listed here. */
export default function ExportDialog(props: {
  filter: FilterInput;
  sort: Sort;
  descending: boolean;
  onClose: () => void;
}) {
  const t = useTexts(membersTexts);
  const format = useFormat();
  const failureText = useFailureText();
  const [kind, setKind] = useState<'XLSX' | 'CSV'>('XLSX');
  const [{ fetching, error, data }, start] = useMutation(ExportMembers);
  const started = data?.exportMembers ?? null;
  const [{ data: update }] = useSubscription({
    query: MemberExportUpdates,
    variables: { id: started?.id ?? '' },
    pause: started === null,
  });
  const current = update?.memberExport.id === started?.id ? update?.memberExport : started;
  const [{ data: known }] = useQuery({
    query: MemberExportsQuery,
    requestPolicy: 'network-only',
  });
  const earlier = known?.memberExports.nodes.filter((one) => one.id !== started?.id) ?? [];
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t.exportTitle}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t.exportHint}
        </Text>
        {error && <Note tone="bad">{failureText(readFailure(error))}</Note>}
        <Group align="flex-end">
          <NativeSelect
            label={t.exportFormat}
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value === 'CSV' ? 'CSV' : 'XLSX')}
            data={[
              { value: 'XLSX', label: 'Excel (XLSX)' },
              { value: 'CSV', label: 'CSV' },
            ]}
          />
          <Button
            loading={fetching || current?.state === 'RUNNING'}
            onClick={() =>
              void start({
                input: {
                  format: kind,
                  filter: props.filter,
                  sort: props.sort,
                  descending: props.descending,
                },
              })
            }
          >
            {t.exportStart}
          </Button>
        </Group>
        {current && <Current facts={current} />}
        {earlier.length > 0 && (
          <div>
            <Text fw={600} mb={4}>
              {t.exportEarlier}
            </Text>
            <ul className="list-rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
              {earlier.map((one) => (
                <li key={one.id} style={{ padding: '8px 0' }}>
                  <Group justify="space-between" gap="sm">
                    <Text size="sm">
                      {one.format} · {format.dateTime(one.createdAt)} · {one.createdBy}
                    </Text>
                    {one.file ? (
                      <Anchor size="sm" href={one.file.url}>
                        {t.exportDownload}
                      </Anchor>
                    ) : (
                      <StateBadge tone={one.state === 'FAILED' ? 'bad' : 'neutral'}>
                        {t.exportStates[one.state]}
                      </StateBadge>
                    )}
                  </Group>
                </li>
              ))}
            </ul>
          </div>
        )}
      </Stack>
    </Modal>
  );
}

function Current(props: { facts: MemberExportFacts }) {
  const t = useTexts(membersTexts);
  const { state, progress, file } = props.facts;
  if (state === 'FAILED') return <Note tone="bad">{t.exportFailed}</Note>;
  if (file) {
    return (
      <Note tone="good" title={t.exportDone}>
        <Anchor href={file.url}>{file.name}</Anchor>
      </Note>
    );
  }
  const share = progress.total === 0 ? 0 : (100 * progress.done) / progress.total;
  return (
    <div>
      <Text size="sm" role="status" mb={6}>
        {t.exportRunning(progress.done, progress.total)}
      </Text>
      <Progress.Root size="lg">
        <Progress.Section value={share} aria-label={t.exportTitle} />
      </Progress.Root>
    </div>
  );
}
