import type { Catalogue } from '#platform/languages';

const ru = {
  bodies: 'Органы',
  sessions: 'Заседания',
  scheduleAction: 'Назначить заседание',
};

const en: typeof ru = {
  bodies: 'Bodies',
  sessions: 'Sessions',
  scheduleAction: 'Schedule a session',
};

/** The few words of bodies that every page carries: the rest is loaded with the pages. */
export const bodiesEntryTexts: Catalogue<typeof ru> = { ru, en };
