import { Button, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Card, toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import './authoring.css';
import { type CourseDraftDetails, UpdateCourse } from './documents';
import { authoringTexts } from './texts';
import { useAct } from './use-act';
import { wholeOrNone } from './whole';

/** Title, summary and rules of a course. */
export default function CourseSettings(props: { course: CourseDraftDetails }) {
  const t = useTexts(authoringTexts);
  const { busy, act } = useAct();
  const { course } = props;
  const initial = {
    title: course.title,
    summary: course.summary,
    sequential: course.sequential,
    certificate: course.certificate,
    selfEnrol: course.selfEnrol,
    days: course.defaultDays === null ? '' : String(course.defaultDays),
  };
  const [form, setForm] = useState(initial);
  const [checked, setChecked] = useState(false);
  const set = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));
  const days = wholeOrNone(form.days, 1, 730);
  const changed = JSON.stringify(form) !== JSON.stringify(initial);

  async function save() {
    setChecked(true);
    if (!form.title.trim() || !days.ok) return;
    const done = await act('save', UpdateCourse, {
      course: course.id,
      input: {
        title: form.title.trim(),
        summary: form.summary.trim(),
        sequential: form.sequential,
        certificate: form.certificate,
        selfEnrol: form.selfEnrol,
        defaultDays: days.value,
      },
    });
    if (done) toast.good(t.saved);
  }

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack gap="md" maw={760}>
        <Card title={t.settingsTitle}>
          <Stack gap="md" mt="sm">
            <TextInput
              label={t.name}
              maxLength={200}
              value={form.title}
              error={checked && !form.title.trim() && t.fieldMissing}
              onChange={(event) => set({ title: event.currentTarget.value })}
            />
            <Textarea
              label={t.summary}
              description={t.summaryHint}
              autosize
              minRows={3}
              maxLength={4000}
              value={form.summary}
              onChange={(event) => set({ summary: event.currentTarget.value })}
            />
          </Stack>
        </Card>
        <Card title={t.settingsRules}>
          <Stack gap="md" mt="sm">
            <Switch
              label={t.sequential}
              description={t.sequentialHint}
              checked={form.sequential}
              onChange={(event) => set({ sequential: event.currentTarget.checked })}
            />
            <Switch
              label={t.certificate}
              description={t.certificateHint}
              checked={form.certificate}
              onChange={(event) => set({ certificate: event.currentTarget.checked })}
            />
            <Switch
              label={t.selfEnrol}
              description={t.selfEnrolHint}
              checked={form.selfEnrol}
              onChange={(event) => set({ selfEnrol: event.currentTarget.checked })}
            />
            <TextInput
              label={t.defaultDays}
              description={t.defaultDaysHint}
              inputMode="numeric"
              w="min(280px, 100%)"
              value={form.days}
              error={checked && !days.ok && t.daysWrong}
              onChange={(event) => set({ days: event.currentTarget.value })}
            />
          </Stack>
        </Card>
      </Stack>
      <div className="save-bar" style={{ maxWidth: 760 }}>
        {changed && (
          <Text size="sm" c="dimmed" role="status">
            {t.unsaved}
          </Text>
        )}
        <Button type="submit" loading={busy === 'save'} disabled={!changed}>
          {t.save}
        </Button>
      </div>
    </form>
  );
}
