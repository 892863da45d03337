import { type QuestionKind, readNumber } from '../quiz/answer';

/** A question being written. Keys tell lines apart while they move. */
export type DraftQuestion = {
  kind: QuestionKind;
  text: string;
  points: string;
  /** Single and multiple. */
  options: readonly { key: number; text: string; right: boolean }[];
  /** Matching. */
  pairs: readonly { key: number; left: string; right: string }[];
  /** Numeric. */
  number: string;
  tolerance: string;
  /** Short text: every spelling that counts, one a line. */
  spellings: string;
  explanation: string;
};

/** What is wrong with a question, by the place where it is shown. */
export type QuestionIssue =
  | 'text_missing'
  | 'points_wrong'
  | 'options_few'
  | 'option_blank'
  | 'options_same'
  | 'right_missing'
  | 'right_one'
  | 'pairs_few'
  | 'pair_blank'
  | 'pairs_same'
  | 'number_wrong'
  | 'tolerance_wrong'
  | 'spelling_missing';

/** Limits that the server keeps too. */
export const MAX_OPTIONS = 20;
export const MAX_POINTS = 100;

/** An empty question of a kind. */
export function newQuestion(kind: QuestionKind): DraftQuestion {
  return {
    kind,
    text: '',
    points: '1',
    options: [1, 2].map((key) => ({ key, text: '', right: false })),
    pairs: [1, 2].map((key) => ({ key, left: '', right: '' })),
    number: '',
    tolerance: '',
    spellings: '',
    explanation: '',
  };
}

/** A key that no line of a list has yet. */
export function freshKey(lines: readonly { key: number }[]): number {
  return Math.max(0, ...lines.map((line) => line.key)) + 1;
}

/** The spellings as a list, blank lines left out. */
export function spellingsOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

/** Everything that keeps a question from being saved. */
export function issuesOf(question: DraftQuestion): QuestionIssue[] {
  const issues: QuestionIssue[] = [];
  if (!question.text.trim()) issues.push('text_missing');
  const points = Number(question.points);
  if (!/^\d+$/.test(question.points.trim()) || points < 1 || points > MAX_POINTS) {
    issues.push('points_wrong');
  }
  switch (question.kind) {
    case 'SINGLE':
    case 'MULTIPLE':
      issues.push(...optionIssues(question));
      break;
    case 'MATCHING':
      issues.push(...pairIssues(question));
      break;
    case 'NUMERIC':
      if (readNumber(question.number) === null) issues.push('number_wrong');
      if (question.tolerance.trim()) {
        const tolerance = readNumber(question.tolerance);
        if (tolerance === null || tolerance.startsWith('-')) issues.push('tolerance_wrong');
      }
      break;
    case 'SHORT_TEXT':
      if (spellingsOf(question.spellings).length === 0) issues.push('spelling_missing');
      break;
  }
  return issues;
}

function optionIssues(question: DraftQuestion): QuestionIssue[] {
  const issues: QuestionIssue[] = [];
  const { options } = question;
  const right = options.filter((option) => option.right).length;
  if (options.length < 2) issues.push('options_few');
  if (options.some((option) => !option.text.trim())) issues.push('option_blank');
  if (repeats(options.map((option) => option.text))) issues.push('options_same');
  if (right === 0) issues.push('right_missing');
  if (question.kind === 'SINGLE' && right > 1) issues.push('right_one');
  return issues;
}

function pairIssues(question: DraftQuestion): QuestionIssue[] {
  const issues: QuestionIssue[] = [];
  const { pairs } = question;
  if (pairs.length < 2) issues.push('pairs_few');
  if (pairs.some((pair) => !pair.left.trim() || !pair.right.trim())) issues.push('pair_blank');
  // The same right side twice is fine (two lines, one match); the same left side is not.
  if (repeats(pairs.map((pair) => pair.left))) issues.push('pairs_same');
  return issues;
}

function repeats(texts: readonly string[]): boolean {
  const seen = texts.map((text) => text.trim().toLocaleLowerCase('ru')).filter(Boolean);
  return new Set(seen).size < seen.length;
}
