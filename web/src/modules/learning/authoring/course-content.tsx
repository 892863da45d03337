import { ActionIcon, Button, Group, Text, TextInput } from '@mantine/core';
import { ListTree, Pencil, Plus, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { EmptyState } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { MoveButtons } from '../components/move-buttons';
import { useReorder } from '../components/reorder';
import './authoring.css';
import {
  AddSection,
  type CourseDraftDetails,
  type DraftSection,
  OrderSections,
  RemoveSection,
  RenameSection,
} from './documents';
import { LessonRows } from './lesson-rows';
import { authoringTexts } from './texts';
import { useAct } from './use-act';
import { useOrder } from './use-order';

const AddLessonDialog = lazy(() => import('./add-lesson-dialog'));

/** Sections and lessons of a course: add, rename, order, remove. */
export function CourseContent(props: { course: CourseDraftDetails }) {
  const t = useTexts(authoringTexts);
  const { course } = props;
  const { busy, act, actInTurn } = useAct();
  const { ask, dialog } = useConfirm();
  const [naming, setNaming] = useState<DraftSection | 'new' | null>(null);
  const [addingTo, setAddingTo] = useState<DraftSection | null>(null);
  const [sections, setOrder] = useOrder(course.sections);
  const { announcement, move, onKeyDown } = useReorder(sections, t.sectionMoved, (next) => {
    setOrder(next);
    void actInTurn('order', OrderSections, {
      course: course.id,
      sections: next.map((section) => section.id),
    });
  });

  return (
    <div>
      {sections.length > 0 && (
        <Text size="sm" c="dimmed" mb="sm">
          {t.sectionsLead}
        </Text>
      )}
      <div role="status" className="visually-hidden">
        {announcement}
      </div>
      {sections.length === 0 && (
        <div className="card" style={{ marginBottom: 16 }}>
          <EmptyState icon={ListTree} title={t.noSections} />
        </div>
      )}
      {sections.map((section, index) => (
        <section
          key={section.id}
          className="card draft-section"
          aria-label={`${t.section(index + 1)}: ${section.title}`}
          onKeyDown={(event) => onKeyDown(event, index)}
        >
          <div className="draft-section-head">
            <Text component="h2" fz="md" fw={600} m={0} style={{ flex: 1, minWidth: 0 }}>
              {index + 1}. {section.title}
            </Text>
            <Group gap={2} wrap="nowrap">
              <MoveButtons
                up={t.sectionUp(index + 1)}
                down={t.sectionDown(index + 1)}
                first={index === 0}
                last={index === sections.length - 1}
                onMove={(step) => move(index, step)}
              />
              <ActionIcon
                variant="subtle"
                color="gray"
                c="inherit"
                size={34}
                aria-label={t.renameSection(section.title)}
                onClick={() => setNaming(section)}
              >
                <Pencil size={16} aria-hidden />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                c="inherit"
                size={34}
                aria-label={t.removeSection(section.title)}
                onClick={() =>
                  ask({
                    title: t.removeSectionTitle,
                    text: t.removeSectionText(section.lessons.length),
                    confirm: t.remove,
                    danger: true,
                    run: () => act('remove', RemoveSection, { section: section.id }),
                  })
                }
              >
                <Trash2 size={16} aria-hidden />
              </ActionIcon>
            </Group>
          </div>
          <LessonRows course={course.id} section={section} />
          <Button
            variant="subtle"
            size="sm"
            leftSection={<Plus size={16} aria-hidden />}
            onClick={() => setAddingTo(section)}
          >
            {t.addLesson}
          </Button>
        </section>
      ))}
      <Button
        variant="light"
        leftSection={<Plus size={17} aria-hidden />}
        onClick={() => setNaming('new')}
      >
        {t.addSection}
      </Button>
      {naming && (
        <SectionNameDialog
          initial={naming === 'new' ? '' : naming.title}
          title={naming === 'new' ? t.newSection : t.renameTitle}
          submit={naming === 'new' ? t.add : t.rename}
          busy={busy === 'name'}
          onClose={() => setNaming(null)}
          onSubmit={async (title) => {
            const done =
              naming === 'new'
                ? await act('name', AddSection, { course: course.id, title })
                : await act('name', RenameSection, { section: naming.id, title });
            if (done) setNaming(null);
          }}
        />
      )}
      <Suspense>
        {addingTo && (
          <AddLessonDialog
            course={course.id}
            section={addingTo.id}
            onClose={() => setAddingTo(null)}
          />
        )}
      </Suspense>
      {dialog}
    </div>
  );
}

function SectionNameDialog(props: {
  initial: string;
  title: string;
  submit: string;
  busy: boolean;
  onClose: () => void;
  onSubmit: (title: string) => void;
}) {
  const t = useTexts(authoringTexts);
  const [title, setTitle] = useState(props.initial);
  const [checked, setChecked] = useState(false);
  return (
    <FormDialog
      opened
      title={props.title}
      submit={props.submit}
      busy={props.busy}
      onClose={props.onClose}
      onSubmit={() => {
        setChecked(true);
        if (title.trim()) props.onSubmit(title.trim());
      }}
    >
      <TextInput
        label={t.sectionTitle}
        data-autofocus
        maxLength={200}
        value={title}
        error={checked && !title.trim() && t.fieldMissing}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
