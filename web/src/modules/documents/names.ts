import type { Catalogue } from '#platform/languages';

const ru = { documents: 'Документы', tasks: 'Поручения', journals: 'Журналы' };

/** The few words that the frame shows; all others are loaded with the pages. */
export const names: Catalogue<typeof ru> = {
  ru,
  en: { documents: 'Documents', tasks: 'Tasks', journals: 'Journals' },
};
