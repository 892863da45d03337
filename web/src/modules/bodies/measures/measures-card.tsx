import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { ListPlus, X } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { failureText, readFailure } from '#platform/client';
import { Card, FailureState, ListSkeleton, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useFormat, useTexts } from '#platform/languages';
import { type MeasuredItem, MeasuresQuery, RemoveMeasure } from './documents';
import { measureTexts } from './texts';

const MeasureDialog = lazy(() => import('./measure-dialog'));

type Measure = MeasuredItem['measures'][number];

/** What the session's decisions oblige to, by items; those who keep its record change it until the end. */
export default function MeasuresCard(props: {
  session: string;
  /** The session's state: with it, what can be changed changes. */
  state: string;
  startsAt: string;
  changeable: boolean;
}) {
  const t = useTexts(measureTexts);
  const format = useFormat();
  const { ask, dialog } = useConfirm();
  const [adding, setAdding] = useState<string | null>(null);
  const [, remove] = useMutation(RemoveMeasure);
  const [{ data, error }, refetch] = useQuery({
    query: MeasuresQuery,
    variables: { session: props.session },
    requestPolicy: 'cache-and-network',
  });
  const refresh = () => refetch({ requestPolicy: 'network-only' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another state of the session asks again.
  useEffect(refresh, [props.state]);

  const node = data?.node;
  const agenda = node?.__typename === 'Session' ? node.agenda : null;
  if (!agenda) {
    if (!error) return <ListSkeleton rows={2} />;
    return <FailureState failure={readFailure(error)} onRetry={refresh} />;
  }
  const shown = props.changeable ? agenda : agenda.filter((item) => item.measures.length > 0);
  if (shown.length === 0) return null;

  function about(measure: Measure): string {
    const until = measure.dueOn ? [t.until(format.day(measure.dueOn))] : [];
    if (measure.assignee) return [t.taskFor(measure.assignee.name), ...until].join(' · ');
    if (!measure.training) return until.join('');
    const { courseTitle, offices, ofPrimaries } = measure.training;
    const names = offices.map((office) => t.officeNames[office]).join(', ');
    const who = ofPrimaries ? `${names} ${t.ofPrimaries}` : names;
    return [t.trainingOf(courseTitle, who), ...until].join(' · ');
  }

  function askToRemove(measure: Measure) {
    ask({
      title: t.removeTitle,
      text: measure.text,
      confirm: t.remove,
      danger: true,
      run: async () => {
        const answer = await remove({ measure: measure.id });
        if (answer.error) toast.bad(failureText(readFailure(answer.error)));
        else if (answer.data?.removeMeasure.status === 'OK') toast.good(t.removed);
        else toast.bad(t.notDone);
        refresh();
      },
    });
  }

  return (
    <Card title={t.measures}>
      <Stack gap="md">
        {agenda.every((item) => item.measures.length === 0) && (
          <Text size="sm" c="dimmed">
            {t.none}
          </Text>
        )}
        {shown.map((item) => (
          <div key={item.id}>
            <Text size="sm" fw={600}>
              {t.itemNumber(item.position, item.title)}
            </Text>
            {item.measures.length > 0 && (
              <ul style={{ margin: '4px 0', paddingInlineStart: 18 }} aria-label={item.title}>
                {item.measures.map((measure) => (
                  <li key={measure.id}>
                    <Group gap={8} justify="space-between" align="flex-start" wrap="nowrap">
                      <div style={{ overflowWrap: 'anywhere' }}>
                        <Text size="sm">{measure.text}</Text>
                        <Text size="sm" c="dimmed">
                          {about(measure)}
                        </Text>
                      </div>
                      {props.changeable && (
                        <ActionIcon
                          variant="subtle"
                          color="gray"
                          aria-label={`${t.remove}: ${measure.text}`}
                          onClick={() => askToRemove(measure)}
                        >
                          <X size={16} aria-hidden />
                        </ActionIcon>
                      )}
                    </Group>
                  </li>
                ))}
              </ul>
            )}
            {props.changeable && (
              <Button
                variant="subtle"
                size="compact-sm"
                leftSection={<ListPlus size={16} aria-hidden />}
                aria-label={t.addTo(item.title)}
                onClick={() => setAdding(item.id)}
              >
                {t.add}
              </Button>
            )}
          </div>
        ))}
      </Stack>
      {adding !== null && (
        <Suspense>
          <MeasureDialog
            item={adding}
            startsAt={props.startsAt}
            onClose={() => setAdding(null)}
            onDone={refresh}
          />
        </Suspense>
      )}
      {dialog}
    </Card>
  );
}
