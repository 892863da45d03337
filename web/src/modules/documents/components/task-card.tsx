import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { StateBadge, toast } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { AcceptTask, BeginTask, ReportTask, ReturnTask, type TaskRow } from '../documents';
import { documentsTexts } from '../texts';
import { TASK_TONES } from './state-tones';
import { TextDialog } from './text-dialog';
import { useAct } from './use-act';

/** A task with what the viewer may do about it. */
export function TaskCard(props: {
  task: TaskRow;
  source?: React.ReactNode;
  onChanged: () => void;
}) {
  const { task } = props;
  const t = useTexts(documentsTexts);
  const format = useFormat();
  const { busy, act } = useAct();
  const [asking, setAsking] = useState<'report' | 'return' | null>(null);

  async function done(data: unknown, words: string): Promise<boolean> {
    if (!data) return false;
    toast.good(words);
    props.onChanged();
    return true;
  }

  return (
    <article aria-label={task.text} style={{ padding: '12px 20px' }}>
      <div className="task-head">
        <div style={{ minWidth: 0 }}>
          <Text fw={500}>{task.text}</Text>
          {props.source}
          <Text size="sm" c="dimmed">
            {t.assignee}: {task.assignee.name}
            {task.controller && ` · ${t.controller}: ${task.controller.name}`}
          </Text>
          {task.report && (
            <Text size="sm" mt={4}>
              {t.reportLabel}: {task.report}
            </Text>
          )}
          {task.remark && task.state !== 'ACCEPTED' && (
            <Text size="sm" mt={4}>
              {t.returnTaskLabel}: {task.remark}
            </Text>
          )}
        </div>
        <div className="document-row-end">
          <StateBadge tone={TASK_TONES[task.state]}>{t.taskStates[task.state]}</StateBadge>
          <Text size="sm" c="dimmed">
            {task.dueOn ? t.due(format.day(task.dueOn)) : t.withoutDue}
          </Text>
          {task.isOverdue && <StateBadge tone="bad">{t.overdue}</StateBadge>}
        </div>
      </div>
      <Group gap="xs" mt={task.viewerCan.report || task.viewerCan.decide ? 8 : 0}>
        {task.viewerCan.begin && (
          <Button
            size="xs"
            variant="default"
            loading={busy}
            onClick={async () => done(await act(BeginTask, { task: task.id }), t.taskBegun)}
          >
            {t.begin}
          </Button>
        )}
        {task.viewerCan.report && (
          <Button size="xs" onClick={() => setAsking('report')}>
            {t.report}
          </Button>
        )}
        {task.viewerCan.decide && (
          <>
            <Button
              size="xs"
              loading={busy}
              onClick={async () => done(await act(AcceptTask, { task: task.id }), t.taskAccepted)}
            >
              {t.accept}
            </Button>
            <Button size="xs" variant="default" onClick={() => setAsking('return')}>
              {t.returnTask}
            </Button>
          </>
        )}
      </Group>
      <TextDialog
        opened={asking === 'report'}
        title={t.reportTitle}
        label={t.reportLabel}
        submit={t.report}
        busy={busy}
        onClose={() => setAsking(null)}
        onSubmit={async (report) =>
          done(await act(ReportTask, { task: task.id, report }), t.reported)
        }
      />
      <TextDialog
        opened={asking === 'return'}
        title={t.returnTaskTitle}
        label={t.returnTaskLabel}
        submit={t.returnTask}
        busy={busy}
        onClose={() => setAsking(null)}
        onSubmit={async (comment) =>
          done(await act(ReturnTask, { task: task.id, comment }), t.taskReturned)
        }
      />
    </article>
  );
}
