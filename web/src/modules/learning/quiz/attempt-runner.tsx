import { Button, Text } from '@mantine/core';
import { Check, CloudAlert, LoaderCircle } from 'lucide-react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useTexts } from '#platform/languages';
import { type Draft, isAnswered, NO_ANSWER, type QuestionView, unanswered } from './answer';
import { TimeLeft, useCountdown } from './countdown';
import { Keeper, type Kept } from './keeper';
import { QuestionFields } from './question-fields';
import './quiz.css';
import { quizTexts } from './texts';

/** An open attempt: all questions, the time, and every answer kept as it is given. */
export function AttemptRunner(props: {
  questions: readonly QuestionView[];
  /** Answers kept before: of another visit, or of another device. */
  kept: Readonly<Record<string, Draft>>;
  secondsLeft: number | null;
  limitS: number;
  save: (question: string, draft: Draft) => Promise<Kept>;
  /** Ends the attempt; true when the server has taken it. */
  submit: () => Promise<boolean>;
  /** The time is over: the attempt is to be asked for anew. */
  onOver: () => void;
}) {
  const t = useTexts(quizTexts);
  const { questions } = props;
  const { ask, dialog } = useConfirm();
  const [drafts, setDrafts] = useState(props.kept);
  const save = useRef(props.save);
  save.current = props.save;
  const [keeper] = useState(() => new Keeper((question, draft) => save.current(question, draft)));
  const state = useSyncExternalStore(keeper.subscribe, keeper.state);
  const onOver = useRef(props.onOver);
  onOver.current = props.onOver;

  const left = useCountdown(props.secondsLeft, {
    onNear: () => void keeper.flush(),
    onOver: () => {
      keeper.stop();
      onOver.current();
    },
  });

  useEffect(() => {
    if (state === 'over') onOver.current();
  }, [state]);

  useEffect(() => {
    // The page is going: what is still typed goes first.
    const leave = () => void keeper.flush();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      void keeper.flush();
    };
  }, [keeper]);

  function change(question: QuestionView, draft: Draft) {
    setDrafts((before) => ({ ...before, [question.id]: draft }));
    const typing = question.kind === 'NUMERIC' || question.kind === 'SHORT_TEXT';
    keeper.change(question.id, draft, typing);
  }

  function finish() {
    const missing = unanswered(questions, drafts);
    ask({
      title: t.submitTitle,
      text:
        missing.length === 0 ? (
          t.submitAll
        ) : (
          <>
            <Text fw={600} mb={6} data-testid="unanswered">
              {t.submitMissing(missing)}
            </Text>
            <Text>{t.submitMissingText}</Text>
          </>
        ),
      confirm: t.submitConfirm,
      run: async () => {
        if (!(await keeper.flush())) {
          toast.bad(t.notKept);
          return;
        }
        if (await props.submit()) keeper.stop();
      },
    });
  }

  const answered = questions.filter((one) => isAnswered(one, drafts[one.id] ?? NO_ANSWER)).length;
  return (
    <div>
      <div className="attempt-bar">
        {left !== null && <TimeLeft seconds={left} limitS={props.limitS} />}
        <Text size="sm" className="tabular">
          {t.answeredOf(answered, questions.length)}
        </Text>
        <span className="keeping" data-state={state} role="status" data-testid="keeping">
          {state === 'saved' && <Check size={16} aria-hidden />}
          {state === 'saving' && <LoaderCircle size={16} aria-hidden />}
          {(state === 'waiting' || state === 'refused' || state === 'over') && (
            <CloudAlert size={16} aria-hidden />
          )}
          {t.keeping[state]}
        </span>
      </div>
      <nav aria-label={t.questions} className="question-map">
        {questions.map((one, index) => {
          const done = isAnswered(one, drafts[one.id] ?? NO_ANSWER);
          return (
            <a
              key={one.id}
              href={`#question-${one.id}`}
              data-done={done}
              aria-label={t.toQuestion(index + 1, done)}
              onClick={(event) => {
                event.preventDefault();
                const target = document.getElementById(`question-${one.id}`)?.closest('fieldset');
                target?.scrollIntoView({ block: 'start' });
                target?.querySelector<HTMLElement>('input, select')?.focus({ preventScroll: true });
              }}
            >
              {index + 1}
            </a>
          );
        })}
      </nav>
      {questions.map((one, index) => (
        <QuestionFields
          key={one.id}
          question={one}
          number={index + 1}
          draft={drafts[one.id] ?? NO_ANSWER}
          disabled={state === 'over' || (left !== null && left <= 0)}
          onChange={(draft) => change(one, draft)}
          onSettle={() => void keeper.flush()}
        />
      ))}
      <Button size="md" onClick={finish} fullWidth className="attempt-submit">
        {t.submit}
      </Button>
      {dialog}
    </div>
  );
}
