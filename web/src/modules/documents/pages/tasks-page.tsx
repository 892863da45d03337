import { Anchor, Button, Checkbox, Group, NativeSelect, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import { useClient } from 'urql';
import { usePaged } from '#platform/client';
import { EmptyState, FailureState, ListSkeleton, Page } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { TaskCard } from '../components/task-card';
import { TasksQuery } from '../documents';
import '../documents.css';
import { permissions } from '../permissions';
import { documentsTexts } from '../texts';

type View = 'MINE' | 'CONTROLLED' | 'ALL';

/** Tasks: one's own, those under one's control, and what is late. */
export default function TasksPage() {
  const t = useTexts(documentsTexts);
  const client = useClient();
  const { tenant, may } = useTenancy();
  const [view, setView] = useState<View>('MINE');
  const [open, setOpen] = useState(true);
  const [overdue, setOverdue] = useState(false);
  const list = usePaged(`${tenant.slug}|${view}|${open}|${overdue}`, async (after) => {
    const answer = await client
      .query(
        TasksQuery,
        { view, open, overdue, first: 50, after },
        { requestPolicy: 'network-only' },
      )
      .toPromise();
    return { page: answer.data?.tasks, error: answer.error };
  });
  const views: View[] = may(permissions.view)
    ? ['MINE', 'CONTROLLED', 'ALL']
    : ['MINE', 'CONTROLLED'];

  return (
    <Page title={t.tasks} subtitle={tenant.name} width="reading">
      <Group gap="md" mb="md" align="center">
        <NativeSelect
          aria-label={t.view}
          value={view}
          onChange={(event) => setView(event.currentTarget.value as View)}
        >
          {views.map((one) => (
            <option key={one} value={one}>
              {t.taskViews[one]}
            </option>
          ))}
        </NativeSelect>
        <Checkbox
          label={t.onlyOpen}
          checked={open}
          onChange={(event) => setOpen(event.currentTarget.checked)}
        />
        <Checkbox
          label={t.onlyOverdue}
          checked={overdue}
          onChange={(event) => setOverdue(event.currentTarget.checked)}
        />
      </Group>
      <div className="card" aria-busy={list.stale}>
        {list.failure && (
          <div className="card-padded">
            <FailureState failure={list.failure} onRetry={list.reload} />
          </div>
        )}
        {list.loading && !list.failure && <ListSkeleton rows={5} />}
        {!list.loading && !list.failure && list.rows.length === 0 && (
          <EmptyState icon={ListChecks} title={t.noTasksTitle} text={t.noTasksText} />
        )}
        <div className="list-rows">
          {list.rows.map((task) => (
            <TaskCard
              key={task.id}
              task={task}
              onChanged={list.reload}
              source={
                task.document ? (
                  <Anchor
                    size="sm"
                    renderRoot={(rest) => (
                      <Link {...links.document(tenant.slug, task.document?.id ?? '')} {...rest} />
                    )}
                  >
                    {task.document.title}
                  </Anchor>
                ) : (
                  <Text size="sm">{task.source}</Text>
                )
              }
            />
          ))}
        </div>
        {list.hasMore && (
          <Group justify="center" p="md">
            <Button variant="default" onClick={list.loadMore}>
              {t.more}
            </Button>
          </Group>
        )}
      </div>
    </Page>
  );
}
