import { Button, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Card, toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { MarkdownEditor } from '../markdown/markdown-editor';
import './authoring.css';
import { type LessonDraftDetails, UpdateLesson } from './documents';
import { FileField, type LessonUpload } from './file-field';
import { filmLength } from './film-length';
import { authoringTexts } from './texts';
import { useAct } from './use-act';
import { instantOf, localMoment, whole } from './whole';

const MAX_TEXT = 100_000;

type Form = {
  title: string;
  required: boolean;
  text: string;
  video: LessonUpload | null;
  /** How long a newly uploaded film is. */
  videoSeconds: number | null;
  file: LessonUpload | null;
  startsAt: string;
  minutes: string;
};

function formOf(lesson: LessonDraftDetails): Form {
  return {
    title: lesson.title,
    required: lesson.required,
    text: lesson.text ?? '',
    video: lesson.video,
    videoSeconds: null,
    file: lesson.file,
    startsAt: localMoment(lesson.webinar?.startsAt ?? null),
    minutes: String(lesson.webinar?.durationMinutes ?? 60),
  };
}

/** What was changed: links are signed anew with each answer, the files stay the same. */
function fingerprint(form: Form): string {
  const { video, file, videoSeconds: _, ...rest } = form;
  return JSON.stringify([rest, video?.id, file?.id]);
}

/** Title and content of a lesson, by its kind. */
export function LessonForm(props: { lesson: LessonDraftDetails }) {
  const t = useTexts(authoringTexts);
  const { busy, act } = useAct();
  const { lesson } = props;
  const [form, setForm] = useState(() => formOf(lesson));
  const [checked, setChecked] = useState(false);
  const set = (change: Partial<Form>) => setForm((before) => ({ ...before, ...change }));
  const changed = fingerprint(form) !== fingerprint(formOf(lesson));
  const minutes = whole(form.minutes, 5, 720);
  const textMissing = lesson.kind === 'TEXT' && !form.text.trim();
  const webinar = lesson.kind === 'WEBINAR';

  async function save() {
    setChecked(true);
    if (!form.title.trim() || textMissing || (webinar && minutes === null)) return;
    const done = await act('save', UpdateLesson, {
      lesson: lesson.id,
      input: {
        title: form.title.trim(),
        required: form.required,
        text: form.text.trim(),
        // What is left out stays: a file that was not replaced is another author's, perhaps.
        ...(form.video && form.video.id !== lesson.video?.id
          ? { video: form.video.id, videoSeconds: form.videoSeconds }
          : {}),
        ...(form.file && form.file.id !== lesson.file?.id ? { file: form.file.id } : {}),
        ...(webinar ? { startsAt: instantOf(form.startsAt), durationMinutes: minutes } : {}),
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
      <Card>
        <Stack gap="lg">
          <TextInput
            label={t.lessonTitle}
            maxLength={200}
            value={form.title}
            error={checked && !form.title.trim() && t.fieldMissing}
            onChange={(event) => set({ title: event.currentTarget.value })}
          />
          {lesson.kind === 'VIDEO' && (
            <FileField
              label={t.video}
              hint={t.videoHint}
              accept="video/mp4,video/webm,.mp4,.webm,.m4v"
              value={form.video}
              refuse={(file) => (/\.(mp4|m4v|webm)$/i.test(file.name) ? null : t.videoWrong)}
              onChange={(video, chosen) => {
                set({ video, videoSeconds: null });
                void filmLength(chosen).then((videoSeconds) => set({ videoSeconds }));
              }}
            />
          )}
          {lesson.kind === 'FILE' && (
            <FileField
              label={t.file}
              hint={t.fileHint}
              value={form.file}
              onChange={(file) => set({ file })}
            />
          )}
          {webinar && (
            <Group gap="md" align="flex-start">
              <TextInput
                type="datetime-local"
                label={t.webinarStart}
                description={t.webinarZone(Intl.DateTimeFormat().resolvedOptions().timeZone)}
                value={form.startsAt}
                onChange={(event) => set({ startsAt: event.currentTarget.value })}
              />
              <TextInput
                label={t.webinarMinutes}
                description={'\u00a0'}
                inputMode="numeric"
                value={form.minutes}
                error={checked && minutes === null && t.minutesWrong}
                onChange={(event) => set({ minutes: event.currentTarget.value })}
              />
            </Group>
          )}
          <MarkdownEditor
            label={lesson.kind === 'TEXT' ? t.lessonText : t.lessonTextExtra}
            value={form.text}
            maxLength={MAX_TEXT}
            rows={lesson.kind === 'TEXT' ? 16 : 4}
            error={checked && textMissing ? t.textMissing : null}
            onChange={(text) => set({ text })}
          />
          <Switch
            label={t.required}
            description={t.requiredHint}
            checked={form.required}
            onChange={(event) => set({ required: event.currentTarget.checked })}
          />
        </Stack>
      </Card>
      <div className="save-bar">
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
