import { useState } from 'react';
import { useClient, useMutation, useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { FailureState, ListSkeleton, Note, toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { learningFailure } from '../components/failures';
import { AttemptResult } from './attempt-result';
import { AttemptRunner } from './attempt-runner';
import {
  type AttemptDetails,
  AttemptQuery,
  QuizQuery,
  SaveAnswer,
  StartAttempt,
  SubmitAttempt,
} from './documents';
import type { Kept } from './keeper';
import { QuizRules } from './quiz-rules';
import { quizTexts } from './texts';
import { answerInput, draftOf, questionView } from './wire';

/** A quiz in its lesson: the rules, then the attempt, then the result. */
export default function QuizLesson(props: {
  lesson: string;
  counts: boolean;
  onChanged: () => void;
}) {
  const t = useTexts(quizTexts);
  const [opened, setOpened] = useState<string | null>(null);
  const [{ data, error, fetching }, refetch] = useQuery({
    query: QuizQuery,
    variables: { lesson: props.lesson },
  });
  const [{ fetching: starting }, start] = useMutation(StartAttempt);
  const node = data?.node;
  const quiz = node?.__typename === 'Lesson' ? node.quiz : null;

  async function begin() {
    const answer = await start({ lesson: props.lesson });
    const payload = answer.data?.startAttempt;
    if (payload?.attempt) setOpened(payload.attempt.id);
    else if (payload) toast.bad(t.noAttemptsLeft);
    else if (answer.error) toast.bad(learningFailure(readFailure(answer.error)));
  }

  if (!quiz) {
    if (error) {
      return (
        <FailureState
          failure={readFailure(error)}
          onRetry={() => refetch({ requestPolicy: 'network-only' })}
        />
      );
    }
    return fetching ? <ListSkeleton rows={6} /> : <Note tone="neutral">{t.notReady}</Note>;
  }
  if (opened) {
    return (
      <AttemptView
        key={opened}
        id={opened}
        quiz={quiz}
        starting={starting}
        onAgain={() => void begin()}
        onEnded={() => {
          refetch({ requestPolicy: 'network-only' });
          props.onChanged();
        }}
        onClose={() => setOpened(null)}
      />
    );
  }
  return (
    <QuizRules
      quiz={quiz}
      counts={props.counts}
      starting={starting}
      onStart={() => (quiz.openAttempt ? setOpened(quiz.openAttempt.id) : void begin())}
      onOpen={setOpened}
    />
  );
}

function AttemptView(props: {
  id: string;
  quiz: Parameters<typeof QuizRules>[0]['quiz'];
  starting: boolean;
  onAgain: () => void;
  onEnded: () => void;
  onClose: () => void;
}) {
  const client = useClient();
  const [{ data, error, fetching, stale }, refetch] = useQuery({
    query: AttemptQuery,
    variables: { id: props.id },
    // The time left is of the moment: an answer kept from before would give time away.
    requestPolicy: 'network-only',
  });
  const [, submit] = useMutation(SubmitAttempt);
  const node = data?.node;
  const attempt = node?.__typename === 'Attempt' ? node : null;
  const again = () => refetch({ requestPolicy: 'network-only' });

  if (!attempt) {
    if (error) return <FailureState failure={readFailure(error)} onRetry={again} />;
    return fetching || stale ? <ListSkeleton rows={8} /> : null;
  }

  async function end(): Promise<boolean> {
    const answer = await submit({ attempt: props.id });
    if (answer.error) {
      toast.bad(learningFailure(readFailure(answer.error)));
      return false;
    }
    again();
    props.onEnded();
    return true;
  }

  if (attempt.state !== 'OPEN') {
    return (
      <AttemptResult
        attempt={attempt}
        quiz={props.quiz}
        starting={props.starting}
        onAgain={props.onAgain}
        onClose={props.onClose}
      />
    );
  }
  return (
    <Running
      attempt={attempt}
      quiz={props.quiz}
      client={client}
      onEnd={end}
      onOver={() => void end()}
    />
  );
}

function Running(props: {
  attempt: AttemptDetails;
  quiz: Parameters<typeof QuizRules>[0]['quiz'];
  client: ReturnType<typeof useClient>;
  onEnd: () => Promise<boolean>;
  onOver: () => void;
}) {
  // The questions stay as they were when the attempt was opened here: a later answer of the server
  // must not take away what is being typed.
  const [attempt] = useState(props.attempt);
  const [questions] = useState(() => attempt.questions.map(questionView));
  const { client } = props;

  async function save(question: string, draft: Parameters<typeof answerInput>[1]): Promise<Kept> {
    const view = questions.find((one) => one.id === question);
    if (!view) return 'refused';
    const answer = await client
      .mutation(SaveAnswer, { attempt: attempt.id, question, answer: answerInput(view, draft) })
      .toPromise();
    if (answer.error) {
      const { code } = readFailure(answer.error);
      return code === 'INVALID' || code === 'NOT_FOUND' || code === 'FORBIDDEN'
        ? 'refused'
        : 'lost';
    }
    return answer.data?.saveAnswer.status === 'OK' ? 'ok' : 'over';
  }

  return (
    <AttemptRunner
      questions={questions}
      kept={Object.fromEntries(attempt.questions.map((one) => [one.id, draftOf(one.answer)]))}
      secondsLeft={attempt.secondsLeft}
      limitS={(props.quiz.timeLimitMinutes ?? 0) * 60}
      save={save}
      submit={props.onEnd}
      onOver={props.onOver}
    />
  );
}
