import { Radio, Stack, Text, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { LESSON_ICONS } from '../study/lesson-icons';
import type { LessonKind } from '../study/outline';
import { studyTexts } from '../study/texts';
import { AddLesson } from './documents';
import { authoringTexts } from './texts';
import { useAct } from './use-act';

const KINDS: readonly LessonKind[] = ['TEXT', 'VIDEO', 'FILE', 'QUIZ', 'WEBINAR'];

/** Asks for the title and the kind of a new lesson, then opens it. */
export default function AddLessonDialog(props: {
  course: string;
  section: string;
  onClose: () => void;
}) {
  const t = useTexts(authoringTexts);
  const study = useTexts(studyTexts);
  const navigate = useNavigate();
  const { tenant } = useTenancy();
  const { busy, act } = useAct();
  const [title, setTitle] = useState('');
  const [kind, setKind] = useState<LessonKind>('TEXT');
  const [checked, setChecked] = useState(false);

  async function submit() {
    setChecked(true);
    if (!title.trim()) return;
    const data = await act('add', AddLesson, {
      section: props.section,
      input: { title: title.trim(), kind },
    });
    if (!data) return;
    props.onClose();
    void navigate(links.lessonEditor(tenant.slug, props.course, data.addLesson.id));
  }

  return (
    <FormDialog
      opened
      title={t.newLesson}
      submit={t.add}
      busy={busy === 'add'}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <TextInput
        label={t.lessonTitle}
        data-autofocus
        maxLength={200}
        value={title}
        error={checked && !title.trim() && t.fieldMissing}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <Radio.Group
        label={t.lessonKind}
        value={kind}
        onChange={(value) => setKind(KINDS.find((one) => one === value) ?? 'TEXT')}
      >
        <Stack gap={6} mt={6}>
          {KINDS.map((one) => {
            const Icon = LESSON_ICONS[one];
            return (
              <label
                key={one}
                htmlFor={`kind-${one}`}
                className="kind-choice"
                data-chosen={one === kind}
              >
                <Radio id={`kind-${one}`} value={one} />
                <Icon size={19} aria-hidden />
                <span>
                  <Text fw={500}>{study.kinds[one]}</Text>
                  <Text size="xs" c="dimmed">
                    {t.kindHints[one]}
                  </Text>
                </span>
              </label>
            );
          })}
        </Stack>
      </Radio.Group>
    </FormDialog>
  );
}
