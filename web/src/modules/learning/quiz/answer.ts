/** How a question is answered. */
export type QuestionKind = 'SINGLE' | 'MULTIPLE' | 'MATCHING' | 'NUMERIC' | 'SHORT_TEXT';

/** A choice, or one side of a pair. */
export type Choice = { id: string; text: string };

/** A question as it is put to the learner, whatever it looks like on the wire. */
export type QuestionView = {
  id: string;
  kind: QuestionKind;
  /** Markdown. */
  text: string;
  points: number;
  /** Single and multiple: what to choose from. Matching: the left side. */
  options: readonly Choice[];
  /** Matching: what the left side is matched with. */
  matches: readonly Choice[];
};

/** What the learner has answered so far. */
export type Draft = {
  chosen: readonly string[];
  /** Left id → right id. */
  pairs: Readonly<Record<string, string>>;
  /** A number or a short text as typed. */
  typed: string;
};

export const NO_ANSWER: Draft = { chosen: [], pairs: {}, typed: '' };

/**
 * A number as people type it ("1 250,5", "−3") in the form the server reads ("1250.5", "-3");
 * null when it is none.
 */
export function readNumber(typed: string): string | null {
  const plain = typed
    .replace(/[\s\u00a0\u202f']/g, '')
    .replace(/[−–]/g, '-')
    .replace(',', '.');
  const found =
    /^([+-]?)(\d{1,15})(?:\.(\d{1,10}))?$/.exec(plain) ?? /^([+-]?)()\.(\d{1,10})$/.exec(plain);
  if (!found) return null;
  const [, sign, whole, part] = found;
  return `${sign === '-' ? '-' : ''}${whole || '0'}${part ? `.${part}` : ''}`;
}

/** Whether nothing more is missing: a matching question wants every line matched. */
export function isAnswered(question: QuestionView, draft: Draft): boolean {
  switch (question.kind) {
    case 'SINGLE':
    case 'MULTIPLE':
      return draft.chosen.length > 0;
    case 'MATCHING':
      return question.options.every((option) => Boolean(draft.pairs[option.id]));
    case 'NUMERIC':
      return readNumber(draft.typed) !== null;
    case 'SHORT_TEXT':
      return draft.typed.trim() !== '';
  }
}

/** Whether there is anything to keep. */
export function isBlank(draft: Draft): boolean {
  return (
    draft.chosen.length === 0 && Object.keys(draft.pairs).length === 0 && draft.typed.trim() === ''
  );
}

/** Numbers (from 1) of the questions that are not answered, or not wholly. */
export function unanswered(
  questions: readonly QuestionView[],
  drafts: Readonly<Record<string, Draft>>,
): number[] {
  return questions.flatMap((question, index) =>
    isAnswered(question, drafts[question.id] ?? NO_ANSWER) ? [] : [index + 1],
  );
}

/** Chooses, or takes back, one option. */
export function toggled(question: QuestionView, draft: Draft, option: string): Draft {
  if (question.kind === 'SINGLE') return { ...draft, chosen: [option] };
  const without = draft.chosen.filter((id) => id !== option);
  const chosen = without.length < draft.chosen.length ? without : [...draft.chosen, option];
  return { ...draft, chosen };
}

/**
 * Matches a line of the left side, or takes it back with an empty `right`. A match belongs to one
 * line: chosen for another, it is taken from the first.
 */
export function matched(draft: Draft, left: string, right: string): Draft {
  const rest = Object.entries(draft.pairs).filter(
    ([line, match]) => line !== left && match !== right,
  );
  return { ...draft, pairs: Object.fromEntries(right ? [...rest, [left, right]] : rest) };
}
