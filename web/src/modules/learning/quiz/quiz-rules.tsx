import { Button, Group, Text, UnstyledButton } from '@mantine/core';
import { Clock, ListChecks, Repeat, Save, Target } from 'lucide-react';
import type { ReactNode } from 'react';
import { Card, Note, StateBadge } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import type { QuizDetails } from './documents';
import './quiz.css';
import { quizTexts } from './texts';

/** What one must know before the start, and the attempts made so far. */
export function QuizRules(props: {
  quiz: QuizDetails;
  counts: boolean;
  starting: boolean;
  onStart: () => void;
  onOpen: (attempt: string) => void;
}) {
  const t = useTexts(quizTexts);
  const format = useFormat();
  const { quiz } = props;
  const left = quiz.attemptsLeft;
  const closed = quiz.attempts.filter((attempt) => attempt.state !== 'OPEN');
  return (
    <>
      <Card title={t.rulesTitle}>
        <ul className="quiz-rules">
          <Rule
            icon={<ListChecks size={20} aria-hidden />}
            title={t.ruleQuestions(quiz.questionCount)}
          />
          {quiz.timeLimitMinutes === null ? (
            <Rule
              icon={<Clock size={20} aria-hidden />}
              title={t.ruleNoTime}
              text={t.ruleNoTimeText}
            />
          ) : (
            <Rule
              icon={<Clock size={20} aria-hidden />}
              title={t.ruleTime(quiz.timeLimitMinutes)}
              text={t.ruleTimeText}
            />
          )}
          <Rule
            icon={<Repeat size={20} aria-hidden />}
            title={
              quiz.maxAttempts === null
                ? t.ruleAttemptsFree
                : t.ruleAttempts(left ?? quiz.maxAttempts, quiz.maxAttempts)
            }
            text={t.ruleAttemptsText}
          />
          <Rule icon={<Target size={20} aria-hidden />} title={t.rulePass(quiz.passPercent)} />
          <Rule icon={<Save size={20} aria-hidden />} title={t.ruleSaved} />
        </ul>
        {quiz.passed && (
          <Group gap="sm" mb="md">
            <StateBadge tone="good">{t.passed}</StateBadge>
            {quiz.bestPercent !== null && <Text size="sm">{t.percent(quiz.bestPercent)}</Text>}
          </Group>
        )}
        {quiz.questionCount === 0 ? (
          <Note tone="neutral">{t.notReady}</Note>
        ) : !props.counts ? (
          <Note tone="neutral">{t.preview}</Note>
        ) : quiz.openAttempt ? (
          <Button size="md" onClick={props.onStart}>
            {t.resume}
          </Button>
        ) : left === 0 ? (
          <Note tone={quiz.passed ? 'neutral' : 'warn'} title={t.noAttemptsLeft}>
            {!quiz.passed && t.noAttemptsLeftText}
          </Note>
        ) : (
          <Button
            size="md"
            variant={quiz.passed ? 'default' : 'filled'}
            loading={props.starting}
            onClick={props.onStart}
          >
            {closed.length > 0 ? t.again : t.start}
          </Button>
        )}
      </Card>
      {closed.length > 0 && (
        <div style={{ marginTop: 16 }}>
          <Card title={t.attempts} padded={false}>
            <div className="list-rows">
              {closed.map((attempt) => (
                <UnstyledButton
                  key={attempt.id}
                  className="row-link attempt-row"
                  onClick={() => props.onOpen(attempt.id)}
                >
                  <span>
                    {t.attempt(attempt.number)}
                    {attempt.submittedAt && (
                      <Text component="span" size="sm" c="dimmed" ml={10}>
                        {format.dateTime(attempt.submittedAt)}
                      </Text>
                    )}
                  </span>
                  <Group gap="sm">
                    {attempt.percent !== null && (
                      <Text fw={600} className="tabular">
                        {t.percent(attempt.percent)}
                      </Text>
                    )}
                    <StateBadge tone={attempt.passed ? 'good' : 'neutral'}>
                      {attempt.passed ? t.passed : t.failed}
                    </StateBadge>
                  </Group>
                </UnstyledButton>
              ))}
            </div>
          </Card>
        </div>
      )}
    </>
  );
}

function Rule(props: { icon: ReactNode; title: string; text?: string }) {
  return (
    <li>
      {props.icon}
      <div>
        <Text fw={500}>{props.title}</Text>
        {props.text && (
          <Text size="sm" c="dimmed">
            {props.text}
          </Text>
        )}
      </div>
    </li>
  );
}
