import { graphql, type ResultOf } from '#platform/client';

export const AttemptParts = graphql(`
  fragment AttemptParts on Attempt @_unmask {
    id
    number
    state
    startedAt
    secondsLeft
    submittedAt
    points
    pointsTotal
    percent
    passed
    questions {
      id
      kind
      text
      points
      options {
        id
        text
      }
      matches {
        id
        text
      }
      answer {
        chosen
        pairs {
          left
          right
        }
        number
        text
      }
      verdict
      earned
      explanation
      right {
        chosen
        pairs {
          left
          right
        }
        number
        text
      }
    }
  }
`);

export const QuizQuery = graphql(`
  query Quiz($lesson: ID!) {
    node(id: $lesson) {
      __typename
      ... on Lesson {
        id
        state
        quiz {
          timeLimitMinutes
          maxAttempts
          passPercent
          feedback
          questionCount
          pointsTotal
          attemptsLeft
          passed
          bestPercent
          openAttempt {
            id
          }
          attempts {
            id
            number
            state
            submittedAt
            percent
            passed
          }
        }
      }
    }
  }
`);

export const AttemptQuery = graphql(
  `
    query Attempt($id: ID!) {
      node(id: $id) {
        __typename
        ... on Attempt {
          ...AttemptParts
        }
      }
    }
  `,
  [AttemptParts],
);

/** An attempt: while open with the questions to answer, afterwards with the result. */
export type AttemptDetails = Extract<
  NonNullable<ResultOf<typeof AttemptQuery>['node']>,
  { __typename: 'Attempt' }
>;
/** A question of an attempt. */
export type AttemptQuestion = AttemptDetails['questions'][number];
/** A quiz with its rules and the viewer's attempts. */
export type QuizDetails = NonNullable<
  Extract<NonNullable<ResultOf<typeof QuizQuery>['node']>, { __typename: 'Lesson' }>['quiz']
>;

export const StartAttempt = graphql(`
  mutation StartAttempt($lesson: ID!) {
    startAttempt(lesson: $lesson) {
      status
      attempt {
        id
      }
    }
  }
`);

export const SaveAnswer = graphql(`
  mutation SaveAnswer($attempt: ID!, $question: ID!, $answer: AnswerInput!) {
    saveAnswer(attempt: $attempt, question: $question, answer: $answer) {
      status
    }
  }
`);

export const SubmitAttempt = graphql(`
  mutation SubmitAttempt($attempt: ID!) {
    submitAttempt(attempt: $attempt) {
      status
      attempt {
        id
        state
      }
    }
  }
`);
