import { ActionIcon, Button, Group, Text } from '@mantine/core';
import { Pencil, Plus, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Card, ListSkeleton, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useTexts } from '#platform/languages';
import { MoveButtons } from '../components/move-buttons';
import { useReorder } from '../components/reorder';
import type { DraftQuestion } from '../questions/draft';
import { QuestionForm } from '../questions/question-form';
import { questionTexts } from '../questions/texts';
import { draftQuestion, questionInput } from '../questions/wire';
import { OrderQuestions, type QuizDraft, RemoveQuestion, SaveQuestion } from './documents';
import { authoringTexts } from './texts';
import { useAct } from './use-act';
import { useOrder } from './use-order';

const QuizRulesForm = lazy(() => import('./quiz-rules-form'));

/** The questions and rules of a quiz. */
export default function QuizEditor(props: { lesson: string; quiz: QuizDraft }) {
  const t = useTexts(questionTexts);
  const authoring = useTexts(authoringTexts);
  const { lesson, quiz } = props;
  const { busy, act, actInTurn } = useAct();
  const { ask, dialog } = useConfirm();
  const [editing, setEditing] = useState<string | 'new' | null>(null);
  const [questions, setOrder] = useOrder(quiz.questions);
  const { announcement, move, onKeyDown } = useReorder(questions, t.moved, (next) => {
    setOrder(next);
    void actInTurn('order', OrderQuestions, { lesson, questions: next.map((one) => one.id) });
  });

  async function save(question: string | null, draft: DraftQuestion) {
    const done = await act('save', SaveQuestion, {
      lesson,
      question,
      input: questionInput(draft),
    });
    if (!done) return;
    toast.good(t.saved);
    setEditing(null);
  }

  return (
    <>
      <Card
        title={t.questions}
        aside={
          questions.length > 0 && (
            <Text size="sm" c="dimmed">
              {authoring.points(quiz.pointsTotal)}
            </Text>
          )
        }
      >
        <div role="status" className="visually-hidden">
          {announcement}
        </div>
        {questions.length === 0 && editing === null && (
          <Text c="dimmed" my="sm">
            {t.empty}
          </Text>
        )}
        {questions.map((question, index) =>
          editing === question.id ? (
            <div key={question.id} style={{ margin: '12px 0' }}>
              <QuestionForm
                initial={draftQuestion(question)}
                busy={busy === 'save'}
                onSave={(draft) => void save(question.id, draft)}
                onCancel={() => setEditing(null)}
              />
            </div>
          ) : (
            // biome-ignore lint/a11y/noStaticElementInteractions: keys of the buttons bubble here.
            <div
              key={question.id}
              className="question-row"
              onKeyDown={(event) => onKeyDown(event, index)}
            >
              <div style={{ flex: 1, minWidth: 0 }}>
                <Text fw={500} style={{ overflowWrap: 'anywhere' }}>
                  {index + 1}. {question.text}
                </Text>
                <Text size="sm" c="dimmed">
                  {t.kinds[question.kind]} · {t.points(question.points)}
                </Text>
              </div>
              <Group gap={2} wrap="nowrap">
                <MoveButtons
                  up={t.up(index + 1)}
                  down={t.down(index + 1)}
                  first={index === 0}
                  last={index === questions.length - 1}
                  onMove={(step) => move(index, step)}
                />
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  c="inherit"
                  size={34}
                  aria-label={t.edit(index + 1)}
                  onClick={() => setEditing(question.id)}
                >
                  <Pencil size={16} aria-hidden />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  c="inherit"
                  size={34}
                  aria-label={t.remove(index + 1)}
                  onClick={() =>
                    ask({
                      title: t.removeTitle,
                      text: t.removeText,
                      confirm: t.removeConfirm,
                      danger: true,
                      run: () => act('remove', RemoveQuestion, { question: question.id }),
                    })
                  }
                >
                  <Trash2 size={16} aria-hidden />
                </ActionIcon>
              </Group>
            </div>
          ),
        )}
        {editing === 'new' ? (
          <div style={{ marginTop: 12 }}>
            <Text fw={600} mb={8}>
              {t.newQuestion}
            </Text>
            <QuestionForm
              initial={null}
              busy={busy === 'save'}
              onSave={(draft) => void save(null, draft)}
              onCancel={() => setEditing(null)}
            />
          </div>
        ) : (
          <Button
            variant="light"
            mt="sm"
            leftSection={<Plus size={17} aria-hidden />}
            disabled={editing !== null}
            onClick={() => setEditing('new')}
          >
            {t.add}
          </Button>
        )}
      </Card>
      <div style={{ marginTop: 16 }}>
        <Suspense fallback={<ListSkeleton rows={5} />}>
          <QuizRulesForm lesson={lesson} quiz={quiz} />
        </Suspense>
      </div>
      {dialog}
    </>
  );
}
