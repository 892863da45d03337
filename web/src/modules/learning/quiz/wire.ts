import type { VariablesOf } from '#platform/client';
import { type Draft, NO_ANSWER, type QuestionView, readNumber } from './answer';
import type { AttemptQuestion, SaveAnswer } from './documents';

/** An answer as the server takes it. */
export type AnswerInput = VariablesOf<typeof SaveAnswer>['answer'];

/** The question as the form needs it. */
export function questionView(question: AttemptQuestion): QuestionView {
  const { id, kind, text, points, options, matches } = question;
  return { id, kind, text, points, options, matches };
}

/** An answer that the server keeps, as the form shows it. */
export function draftOf(answer: AttemptQuestion['answer']): Draft {
  if (!answer) return NO_ANSWER;
  return {
    chosen: answer.chosen,
    pairs: Object.fromEntries(answer.pairs.map((pair) => [pair.left, pair.right])),
    typed: answer.number ?? answer.text ?? '',
  };
}

/**
 * What goes to the server: only the part that the question's kind has. A number that is none yet
 * goes as nothing: it is being typed.
 */
export function answerInput(question: QuestionView, draft: Draft): AnswerInput {
  switch (question.kind) {
    case 'SINGLE':
    case 'MULTIPLE':
      return { chosen: [...draft.chosen] };
    case 'MATCHING':
      return { pairs: Object.entries(draft.pairs).map(([left, right]) => ({ left, right })) };
    case 'NUMERIC':
      return { number: readNumber(draft.typed) };
    case 'SHORT_TEXT':
      return { text: draft.typed.trim() };
  }
}

/** An answer in words, for the result; null when there is none. */
export function answerWords(
  question: QuestionView,
  answer: AttemptQuestion['answer'],
): string[] | null {
  if (!answer) return null;
  const draft = draftOf(answer);
  const name = (id: string) =>
    [...question.options, ...question.matches].find((one) => one.id === id)?.text ?? '';
  const words =
    question.kind === 'MATCHING'
      ? answer.pairs.map((pair) => `${name(pair.left)} — ${name(pair.right)}`)
      : question.kind === 'SINGLE' || question.kind === 'MULTIPLE'
        ? answer.chosen.map(name)
        : draft.typed
          ? [draft.typed]
          : [];
  return words.length > 0 ? words : null;
}
