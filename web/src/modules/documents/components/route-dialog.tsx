import { ActionIcon, Button, Checkbox, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { type RouteStepRow, StartRoute } from '../documents';
import { documentsTexts } from '../texts';
import { type Person, PersonField } from './person-field';
import { useAct } from './use-act';

type Draft = {
  key: number;
  act: RouteStepRow['act'];
  person: Person | null;
  dueOn: string;
  parallel: boolean;
};

const draft = (key: number): Draft => ({
  key,
  act: 'APPROVE',
  person: null,
  dueOn: '',
  parallel: false,
});

/** Puts a route together: participants one after another, some of them in parallel. */
export default function RouteDialog(props: {
  document: string;
  opened: boolean;
  onClose: () => void;
  onDone: () => void;
}) {
  const t = useTexts(documentsTexts);
  const { busy, act } = useAct();
  const [steps, setSteps] = useState<Draft[]>([draft(1)]);
  const [missing, setMissing] = useState(false);
  const change = (key: number, part: Partial<Draft>) =>
    setSteps((before) => before.map((one) => (one.key === key ? { ...one, ...part } : one)));

  async function submit() {
    if (steps.some((step) => !step.person)) {
      setMissing(true);
      return;
    }
    let group = 0;
    const input = steps.map((step, index) => {
      if (index === 0 || !step.parallel) group += 1;
      return {
        group,
        act: step.act,
        account: step.person?.id ?? '',
        dueOn: step.dueOn || null,
      };
    });
    if (!(await act(StartRoute, { document: props.document, steps: input }))) return;
    toast.good(t.routeStarted);
    props.onDone();
    props.onClose();
  }

  return (
    <FormDialog
      opened={props.opened}
      title={t.startRouteTitle}
      submit={t.startRouteSubmit}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {steps.map((step, index) => (
        <fieldset key={step.key} className="agenda-item" style={{ margin: 0 }}>
          <legend className="visually-hidden">{t.step(index + 1)}</legend>
          <Stack gap="xs">
            <Group gap="xs" wrap="nowrap" align="flex-end">
              <div style={{ flex: 1, minWidth: 0 }}>
                <PersonField
                  label={t.participant}
                  value={step.person}
                  error={missing && !step.person ? t.fieldMissing : null}
                  onChange={(person) => change(step.key, { person })}
                />
              </div>
              <ActionIcon
                variant="subtle"
                color="gray"
                c="inherit"
                size={36}
                aria-label={t.removeStep(index + 1)}
                disabled={steps.length === 1}
                onClick={() => setSteps((all) => all.filter((one) => one.key !== step.key))}
              >
                <Trash2 size={17} aria-hidden />
              </ActionIcon>
            </Group>
            <Group gap="sm" grow>
              <NativeSelect
                label={t.whatToDo}
                value={step.act}
                onChange={(event) =>
                  change(step.key, { act: event.currentTarget.value as Draft['act'] })
                }
              >
                {Object.entries(t.acts).map(([value, label]) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </NativeSelect>
              <TextInput
                label={t.dueOn}
                type="date"
                value={step.dueOn}
                onChange={(event) => change(step.key, { dueOn: event.currentTarget.value })}
              />
            </Group>
            {index > 0 && (
              <Checkbox
                label={t.parallel}
                checked={step.parallel}
                onChange={(event) => change(step.key, { parallel: event.currentTarget.checked })}
              />
            )}
          </Stack>
        </fieldset>
      ))}
      <Button
        variant="default"
        size="xs"
        leftSection={<Plus size={15} aria-hidden />}
        style={{ alignSelf: 'flex-start' }}
        onClick={() =>
          setSteps((all) => [...all, draft(Math.max(...all.map((one) => one.key)) + 1)])
        }
      >
        {t.addStep}
      </Button>
    </FormDialog>
  );
}
