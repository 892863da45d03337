import { Button, Group, Text, Title } from '@mantine/core';
import { CircleCheck, CircleMinus, CircleX } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Note, StateBadge } from '#platform/design';
import { useTexts } from '#platform/languages';
import { Markdown } from '../markdown/markdown';
import type { AttemptDetails, AttemptQuestion, QuizDetails } from './documents';
import './quiz.css';
import { quizTexts } from './texts';
import { answerWords, questionView } from './wire';

const VERDICTS = {
  RIGHT: { icon: CircleCheck, tone: 'good', key: 'right' },
  PARTLY: { icon: CircleMinus, tone: 'warn', key: 'partly' },
  WRONG: { icon: CircleX, tone: 'bad', key: 'wrong' },
} as const;

/** How an attempt went: passed or not, points, and what was right where the author lets it be seen. */
export function AttemptResult(props: {
  attempt: AttemptDetails;
  quiz: QuizDetails;
  starting: boolean;
  onAgain: () => void;
  onClose: () => void;
}) {
  const t = useTexts(quizTexts);
  const { attempt, quiz } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const passed = attempt.passed === true;
  const shown = attempt.questions.some((one) => one.verdict !== null);
  const mayAgain = quiz.attemptsLeft === null || quiz.attemptsLeft > 0;

  useEffect(() => {
    // Where the questions were there is the result now: begin at its head.
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);

  return (
    <div data-testid="attempt-result">
      {attempt.state === 'EXPIRED' && (
        <div style={{ marginBottom: 12 }}>
          <Note tone="warn" title={t.timeOverTitle}>
            {t.timeOverText}
          </Note>
        </div>
      )}
      <section className="result" data-passed={passed} aria-label={t.resultTitle}>
        <Title order={2} ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
          {passed ? t.passed : t.failed}
        </Title>
        <Text className="result-percent tabular">{t.percent(attempt.percent ?? 0)}</Text>
        <Text>
          {attempt.points !== null &&
            `${t.score(decimal(attempt.points), String(attempt.pointsTotal))}. `}
          {t.passMark(quiz.passPercent)}
        </Text>
        <Group mt="md" gap="sm">
          {mayAgain && (
            <Button
              variant={passed ? 'default' : 'filled'}
              loading={props.starting}
              onClick={props.onAgain}
            >
              {t.again}
            </Button>
          )}
          <Button variant="default" onClick={props.onClose}>
            {t.attempts}
          </Button>
        </Group>
        {!mayAgain && !passed && (
          <Text mt="sm">
            {t.noAttemptsLeft}. {t.noAttemptsLeftText}
          </Text>
        )}
      </section>
      {!shown && (
        <Text c="dimmed" mt="md">
          {t.feedbackHidden}
        </Text>
      )}
      {quiz.feedback === 'AFTER_PASSING' && !passed && (
        <Text c="dimmed" my="md">
          {t.feedbackLater}
        </Text>
      )}
      {shown &&
        attempt.questions.map((question, index) => (
          <QuestionResult key={question.id} question={question} number={index + 1} />
        ))}
    </div>
  );
}

function QuestionResult(props: { question: AttemptQuestion; number: number }) {
  const t = useTexts(quizTexts);
  const { question, number } = props;
  const view = questionView(question);
  const mine = answerWords(view, question.answer);
  const right = answerWords(view, question.right);
  const verdict = VERDICTS[question.verdict ?? 'WRONG'];
  return (
    <article className="question" aria-label={t.questionOf(number)}>
      <Group justify="space-between" gap="sm" mb={6}>
        <Text size="sm" c="dimmed" fw={500}>
          {t.questionOf(number)} · {decimal(question.earned ?? '0')}/{question.points}
        </Text>
        <StateBadge tone={verdict.tone}>
          <verdict.icon size={15} aria-hidden />
          {t.rightness[verdict.key]}
        </StateBadge>
      </Group>
      <Markdown source={question.text} />
      <dl className="facts" style={{ marginTop: 12 }}>
        <dt>{t.yourAnswer}</dt>
        <dd>{mine ? mine.map((line) => <div key={line}>{line}</div>) : t.noAnswer}</dd>
        {question.verdict !== 'RIGHT' && right && (
          <>
            <dt>{t.rightAnswer}</dt>
            <dd>
              {right.map((line) => (
                <div key={line}>{line}</div>
              ))}
            </dd>
          </>
        )}
      </dl>
      {question.explanation && (
        <div className="explanation">
          <Text size="sm" fw={600}>
            {t.explanation}
          </Text>
          <Markdown source={question.explanation} />
        </div>
      )}
    </article>
  );
}

/** Points as they are read: "1.50" is "1,5". */
function decimal(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '').replace('.', ',') : text;
}
