import type { Tone } from '#platform/design';
import type { DocumentRow, RouteStepRow, TaskRow } from '../documents';

const DOCUMENT_TONES: Record<DocumentRow['state'], Tone> = {
  DRAFT: 'neutral',
  ROUTING: 'brand',
  RETURNED: 'warn',
  COMPLETED: 'good',
};

type StateWords = {
  states: Record<DocumentRow['state'], string>;
  registeredState: string;
  newState: string;
};

/** What a document's state is called: what came from outside or has its number is no draft, whatever its route. */
export function documentState(
  t: StateWords,
  document: Pick<DocumentRow, 'state' | 'number' | 'kind'>,
): { tone: Tone; words: string } {
  const { state, number, kind } = document;
  if (state !== 'DRAFT') return { tone: DOCUMENT_TONES[state], words: t.states[state] };
  if (number) return { tone: 'good', words: t.registeredState };
  return { tone: 'neutral', words: kind === 'INCOMING' ? t.newState : t.states.DRAFT };
}

export const STEP_TONES: Record<RouteStepRow['state'], Tone> = {
  WAITING: 'neutral',
  ACTIVE: 'brand',
  DONE: 'good',
  RETURNED: 'warn',
  SKIPPED: 'neutral',
};

export const TASK_TONES: Record<TaskRow['state'], Tone> = {
  GIVEN: 'brand',
  IN_WORK: 'brand',
  REPORTED: 'warn',
  ACCEPTED: 'good',
  RETURNED: 'warn',
};
