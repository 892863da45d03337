import type { VariablesOf } from '#platform/client';
import type { QuizDraft, SaveQuestion } from '../authoring/documents';
import { readNumber } from '../quiz/answer';
import { type DraftQuestion, newQuestion, spellingsOf } from './draft';

/** A question as the author's query gives it. */
export type AuthoredQuestion = QuizDraft['questions'][number];

/** A question as the server takes it. */
export type QuestionInput = VariablesOf<typeof SaveQuestion>['input'];

/** A kept question in the form. */
export function draftQuestion(question: AuthoredQuestion): DraftQuestion {
  const blank = newQuestion(question.kind);
  return {
    ...blank,
    text: question.text,
    points: String(question.points),
    options:
      question.options.length > 0
        ? question.options.map((option, key) => ({ key: key + 1, ...option }))
        : blank.options,
    pairs:
      question.pairs.length > 0
        ? question.pairs.map((pair, key) => ({ key: key + 1, ...pair }))
        : blank.pairs,
    number: question.number ?? '',
    tolerance: question.tolerance ?? '',
    spellings: question.spellings.join('\n'),
    explanation: question.explanation ?? '',
  };
}

/** What goes to the server: only what the kind has. The draft has been found without issues. */
export function questionInput(draft: DraftQuestion): QuestionInput {
  const common = {
    kind: draft.kind,
    text: draft.text.trim(),
    points: Number(draft.points),
    explanation: draft.explanation.trim() || null,
  };
  switch (draft.kind) {
    case 'SINGLE':
    case 'MULTIPLE':
      return {
        ...common,
        options: draft.options.map(({ text, right }) => ({ text: text.trim(), right })),
      };
    case 'MATCHING':
      return {
        ...common,
        pairs: draft.pairs.map(({ left, right }) => ({ left: left.trim(), right: right.trim() })),
      };
    case 'NUMERIC':
      return {
        ...common,
        number: readNumber(draft.number),
        tolerance: draft.tolerance.trim() ? readNumber(draft.tolerance) : null,
      };
    case 'SHORT_TEXT':
      return { ...common, spellings: spellingsOf(draft.spellings) };
  }
}
