/** How the state of an import is coloured. */
export const STATE_TONES = {
  UNREADABLE: 'bad',
  CHECKED: 'warn',
  COMMITTING: 'brand',
  DONE: 'good',
  FAILED: 'bad',
  DISCARDED: 'neutral',
} as const;
