import type { Tone } from '#platform/design';
import type { DocumentRow, RouteStepRow, TaskRow } from '../documents';

export const DOCUMENT_TONES: Record<DocumentRow['state'], Tone> = {
  DRAFT: 'neutral',
  ROUTING: 'brand',
  RETURNED: 'warn',
  COMPLETED: 'good',
};

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
