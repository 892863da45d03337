import { Checkbox, Group, Radio, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { readFailure, useFailureText } from '#platform/client';
import { Note, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { AddMeasure, AssigneesQuery, TrainingCoursesQuery } from './documents';
import { measureTexts } from './texts';

type Office = keyof ReturnType<typeof useTexts<(typeof measureTexts)['ru']>>['officeNames'];

/** Adds a task or a training to an item; it is carried out when the motion is adopted. */
export default function MeasureDialog(props: {
  item: string;
  /** Nothing is due before the session. */
  startsAt: string;
  onClose: () => void;
  onDone: () => void;
}) {
  const t = useTexts(measureTexts);
  const failureText = useFailureText();
  const { tenant } = useTenancy();
  // What a measure becomes belongs to other modules, which the organization may do without.
  const kinds = [
    { value: 'TASK', label: t.task, module: 'documents' },
    { value: 'TRAINING', label: t.training, module: 'learning' },
  ].filter(({ module }) => !tenant.modulesOff.includes(module));
  const [kind, setKind] = useState<'TASK' | 'TRAINING'>(
    kinds[0]?.value === 'TRAINING' ? 'TRAINING' : 'TASK',
  );
  const [text, setText] = useState('');
  const [assignee, setAssignee] = useState<string | null>(null);
  const [course, setCourse] = useState<string | null>(null);
  const [offices, setOffices] = useState<Office[]>(['CHAIR']);
  const [ofPrimaries, setOfPrimaries] = useState(true);
  const [dueOn, setDueOn] = useState('');
  const [checked, setChecked] = useState(false);
  const [{ fetching, error }, add] = useMutation(AddMeasure);
  const [person, setPerson] = useState('');
  const [title, setTitle] = useState('');
  const [personSought] = useDebouncedValue(person.trim(), 200);
  const [titleSought] = useDebouncedValue(title.trim(), 200);
  const [people] = useQuery({
    query: AssigneesQuery,
    variables: { search: assignee ? null : personSought },
    pause: kind !== 'TASK' || assignee !== null,
  });
  const [courses] = useQuery({
    query: TrainingCoursesQuery,
    variables: { search: course ? null : titleSought },
    pause: kind !== 'TRAINING' || course !== null,
  });

  const early = dueOn !== '' && dueOn < props.startsAt.slice(0, 10);
  const lacks =
    !text.trim() || early || (kind === 'TASK' ? !assignee : !course || offices.length === 0);

  async function submit() {
    setChecked(true);
    if (lacks) return;
    const answer = await add({
      input: {
        item: props.item,
        text: text.trim(),
        dueOn: dueOn || null,
        ...(kind === 'TASK'
          ? { task: { assignee: assignee ?? '' } }
          : { training: { course: course ?? '', offices, ofPrimaries } }),
      },
    });
    if (!answer.data) return;
    if (answer.data.addMeasure.status !== 'OK') {
      toast.bad(t.notDone);
      return;
    }
    toast.good(t.added);
    props.onDone();
    props.onClose();
  }

  return (
    <FormDialog
      opened
      title={t.title}
      submit={t.add}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <Text size="sm">{t.hint}</Text>
      {error && <Note tone="bad">{failureText(readFailure(error))}</Note>}
      <Radio.Group
        label={t.kind}
        value={kind}
        onChange={(value) => setKind(value === 'TRAINING' ? 'TRAINING' : 'TASK')}
      >
        <Group gap="lg" mt={6}>
          {kinds.map(({ value, label }) => (
            <Radio key={value} value={value} label={label} />
          ))}
        </Group>
      </Radio.Group>
      <Textarea
        label={t.what}
        autosize
        minRows={2}
        data-autofocus
        value={text}
        error={checked && !text.trim() && t.whatMissing}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {kind === 'TASK' ? (
        <Select
          key="assignee"
          label={t.assignee}
          placeholder={t.search}
          searchable
          clearable
          nothingFoundMessage={people.fetching ? null : t.nothingFound}
          data={
            people.data?.colleagues.nodes.map((one) => ({ value: one.id, label: one.name })) ?? []
          }
          filter={({ options }) => options}
          value={assignee}
          searchValue={person}
          error={checked && !assignee && t.assigneeMissing}
          onSearchChange={setPerson}
          onChange={setAssignee}
        />
      ) : (
        <>
          <Select
            key="course"
            label={t.course}
            placeholder={t.search}
            searchable
            clearable
            nothingFoundMessage={courses.fetching ? null : t.nothingFound}
            data={
              courses.data?.courses.nodes.map((one) => ({ value: one.id, label: one.title })) ?? []
            }
            filter={({ options }) => options}
            value={course}
            searchValue={title}
            error={checked && !course && t.courseMissing}
            onSearchChange={setTitle}
            onChange={setCourse}
          />
          <Checkbox.Group
            label={t.offices}
            value={offices}
            error={checked && offices.length === 0 && t.officesMissing}
            onChange={(chosen) => setOffices(chosen as Office[])}
          >
            <Stack gap={8} mt={6}>
              {(Object.keys(t.officeNames) as Office[]).map((office) => (
                <Checkbox key={office} value={office} label={t.officeNames[office]} />
              ))}
            </Stack>
          </Checkbox.Group>
          <Checkbox
            label={t.onlyPrimaries}
            checked={ofPrimaries}
            onChange={(event) => setOfPrimaries(event.currentTarget.checked)}
          />
        </>
      )}
      <TextInput
        label={t.dueOn}
        type="date"
        min={props.startsAt.slice(0, 10)}
        value={dueOn}
        error={early && t.dueTooEarly}
        onChange={(event) => setDueOn(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
