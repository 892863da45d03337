import { Group, Text } from '@mantine/core';
import { StateBadge } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import type { FullDocument, RouteStepRow } from '../documents';
import { documentsTexts } from '../texts';
import { STEP_TONES } from './state-tones';

/** The route: who, what, by when, and what they said. */
export function RouteView(props: { document: FullDocument }) {
  const t = useTexts(documentsTexts);
  const { route, pastSteps } = props.document;
  if (route.length === 0) {
    return (
      <Text c="dimmed" px={20} pb={16}>
        {t.routeEmpty}
      </Text>
    );
  }
  return (
    <>
      <Steps steps={route} />
      {pastSteps.length > 0 && (
        <details style={{ padding: '8px 20px 16px' }}>
          <summary>{t.earlierRounds}</summary>
          <Steps steps={pastSteps} />
        </details>
      )}
    </>
  );
}

function Steps(props: { steps: readonly RouteStepRow[] }) {
  const t = useTexts(documentsTexts);
  const format = useFormat();
  return (
    <ol className="list-rows" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
      {props.steps.map((step) => (
        <li key={step.id} style={{ padding: '10px 20px' }}>
          <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-start">
            <div style={{ minWidth: 0 }}>
              <Text fw={500}>
                {step.group}. {step.person.name}
              </Text>
              <Text size="sm" c="dimmed">
                {t.acts[step.act]}
                {step.dueOn && ` · ${t.due(format.day(step.dueOn))}`}
                {step.actedAt && ` · ${format.dateTime(step.actedAt)}`}
              </Text>
              {step.actedBy && step.actedBy.id !== step.person.id && (
                <Text size="sm">
                  {step.actedBy.name}, {t.actedFor(step.person.name)}
                </Text>
              )}
              {step.comment && <Text size="sm">«{step.comment}»</Text>}
            </div>
            <div style={{ flex: 'none', textAlign: 'right' }}>
              <StateBadge tone={STEP_TONES[step.state]}>
                {step.state === 'DONE' ? t.stepsDone[step.act] : t.stepStates[step.state]}
              </StateBadge>
              {step.isOverdue && (
                <div style={{ marginTop: 4 }}>
                  <StateBadge tone="bad">{t.overdue}</StateBadge>
                </div>
              )}
            </div>
          </Group>
        </li>
      ))}
    </ol>
  );
}
