import { Group, Progress, Stack, Text } from '@mantine/core';
import { CircleCheck, CircleSlash } from 'lucide-react';
import { useEffect } from 'react';
import { useQuery, useSubscription } from 'urql';
import { readFailure } from '#platform/client';
import {
  ButtonLink,
  Card,
  EmptyState,
  FailureState,
  ListSkeleton,
  Note,
  Page,
  StateBadge,
} from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import { CheckedImport } from '../import/checked-import';
import { ImportProgress, ImportQuery, type MemberImport } from '../import/documents';
import '../import/import.css';
import { ImportReport } from '../import/import-report';
import { STATE_TONES } from '../import/state-tones';
import { importTexts } from '../import/texts';

/** One import, from the check to the finished record. */
export default function ImportPage(props: { id: string }) {
  const t = useTexts(importTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  const [{ data, error, fetching }, refetch] = useQuery({
    query: ImportQuery,
    variables: { id: props.id },
  });
  const node = data?.node;
  const item = node?.__typename === 'MemberImport' ? node : null;
  const [live] = useSubscription({
    query: ImportProgress,
    variables: { id: props.id },
    pause: item?.state !== 'COMMITTING',
  });
  const pushed = live.data?.memberImport;
  const finished = pushed !== undefined && pushed.state !== 'COMMITTING';

  useEffect(() => {
    if (finished) refetch({ requestPolicy: 'network-only' });
  }, [finished, refetch]);

  if (error) {
    return <FailureState failure={readFailure(error)} onRetry={() => refetch()} />;
  }
  if (!item) return fetching ? <ListSkeleton rows={12} /> : <NotFoundPage />;
  return (
    <Page
      title={item.fileName}
      subtitle={
        <Group gap="sm">
          {t.createdBy(item.createdBy, format.dateTime(item.createdAt))}
          <StateBadge tone={STATE_TONES[item.state]}>{t.states[item.state]}</StateBadge>
        </Group>
      }
      back={{ label: t.backToImports, link: links.imports(tenant.slug) }}
    >
      <ImportBody
        item={item}
        progress={pushed?.progress ?? item.progress}
        onChanged={() => refetch({ requestPolicy: 'network-only' })}
      />
    </Page>
  );
}

function ImportBody(props: {
  item: MemberImport;
  progress: MemberImport['progress'];
  onChanged: () => void;
}) {
  const t = useTexts(importTexts);
  const { tenant } = useTenancy();
  const { item } = props;
  const another = (
    <ButtonLink link={links.imports(tenant.slug)} variant="default">
      {t.another}
    </ButtonLink>
  );
  switch (item.state) {
    case 'UNREADABLE':
      return (
        <Stack>
          <Note tone="bad" title={t.unreadableTitle}>
            {(item.unreadable && t.unreadable[item.unreadable]) || t.unreadableOther}
          </Note>
          <Group>{another}</Group>
        </Stack>
      );
    case 'CHECKED':
      return <CheckedImport item={item} onChanged={props.onChanged} />;
    case 'COMMITTING':
      return <Committing progress={props.progress} />;
    case 'DONE':
      return (
        <Stack gap="lg">
          <div className="card">
            <EmptyState
              icon={CircleCheck}
              title={t.doneTitle(item.report?.accepted ?? 0)}
              text={t.doneText}
              action={
                <Group>
                  <ButtonLink link={links.members(tenant.slug)}>{t.openRegister}</ButtonLink>
                  {another}
                </Group>
              }
            />
          </div>
          {item.report && <ImportReport report={item.report} stored />}
        </Stack>
      );
    case 'FAILED':
      return (
        <Stack>
          <Note tone="bad" title={t.failedTitle}>
            {t.failedText}
          </Note>
          <Group>{another}</Group>
        </Stack>
      );
    case 'DISCARDED':
      return (
        <div className="card">
          <EmptyState
            icon={CircleSlash}
            title={t.discardedTitle}
            text={t.discardedText}
            action={another}
          />
        </div>
      );
  }
}

function Committing(props: { progress: MemberImport['progress'] }) {
  const t = useTexts(importTexts);
  const format = useFormat();
  const { done, total } = props.progress;
  const share = total > 0 ? (100 * done) / total : 0;
  return (
    <Card title={t.committing}>
      <Progress.Root size="xl">
        <Progress.Section value={share} animated aria-label={t.committing} />
      </Progress.Root>
      <Group justify="space-between" mt="sm">
        <Text role="status" className="tabular">
          {t.progress(format.number(done), format.number(total))}
        </Text>
        <Text className="tabular">{format.percent(done, total)}</Text>
      </Group>
      <Text c="dimmed" size="sm" mt="sm">
        {t.committingText}
      </Text>
    </Card>
  );
}
