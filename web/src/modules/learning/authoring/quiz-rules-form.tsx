import { Button, NativeSelect, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Card, toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { type QuizDraft, SetQuizRules } from './documents';
import { authoringTexts } from './texts';
import { useAct } from './use-act';
import { whole, wholeOrNone } from './whole';

/** Time limit, attempts, pass mark and feedback of a quiz. */
export default function QuizRulesForm(props: { lesson: string; quiz: QuizDraft }) {
  const t = useTexts(authoringTexts);
  const { busy, act } = useAct();
  const { quiz } = props;
  const initial = {
    time: quiz.timeLimitMinutes === null ? '' : String(quiz.timeLimitMinutes),
    attempts: quiz.maxAttempts === null ? '' : String(quiz.maxAttempts),
    pass: String(quiz.passPercent),
    feedback: quiz.feedback,
    shuffle: quiz.shuffle,
  };
  const [form, setForm] = useState(initial);
  const [checked, setChecked] = useState(false);
  const set = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));
  const time = wholeOrNone(form.time, 1, 600);
  const attempts = wholeOrNone(form.attempts, 1, 100);
  const pass = whole(form.pass, 1, 100);
  const changed = JSON.stringify(form) !== JSON.stringify(initial);

  async function save() {
    setChecked(true);
    if (!time.ok || !attempts.ok || pass === null) return;
    const done = await act('save', SetQuizRules, {
      lesson: props.lesson,
      input: {
        timeLimitMinutes: time.value,
        maxAttempts: attempts.value,
        passPercent: pass,
        feedback: form.feedback,
        shuffle: form.shuffle,
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
      <Card title={t.rules}>
        <Stack gap="md" mt="sm">
          <SimpleGrid cols={{ base: 1, xs: 3 }}>
            <TextInput
              label={t.timeLimit}
              description={t.timeLimitHint}
              inputMode="numeric"
              value={form.time}
              error={checked && !time.ok && t.timeLimitWrong}
              onChange={(event) => set({ time: event.currentTarget.value })}
            />
            <TextInput
              label={t.attempts}
              description={t.attemptsHint}
              inputMode="numeric"
              value={form.attempts}
              error={checked && !attempts.ok && t.attemptsWrong}
              onChange={(event) => set({ attempts: event.currentTarget.value })}
            />
            <TextInput
              label={t.pass}
              description={'\u00a0'}
              inputMode="numeric"
              value={form.pass}
              error={checked && pass === null && t.passWrong}
              onChange={(event) => set({ pass: event.currentTarget.value })}
            />
          </SimpleGrid>
          <NativeSelect
            label={t.feedback}
            value={form.feedback}
            onChange={(event) =>
              set({ feedback: event.currentTarget.value as typeof form.feedback })
            }
          >
            {Object.entries(t.feedbacks).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </NativeSelect>
          <Switch
            label={t.shuffle}
            checked={form.shuffle}
            onChange={(event) => set({ shuffle: event.currentTarget.checked })}
          />
          <div
            style={{ display: 'flex', gap: 16, alignItems: 'center', justifyContent: 'flex-end' }}
          >
            {changed && (
              <Text size="sm" c="dimmed" role="status">
                {t.unsaved}
              </Text>
            )}
            <Button type="submit" loading={busy === 'save'} disabled={!changed}>
              {t.save}
            </Button>
          </div>
        </Stack>
      </Card>
    </form>
  );
}
