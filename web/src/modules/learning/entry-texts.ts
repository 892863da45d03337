import type { Catalogue } from '#platform/languages';

const ru = { learning: 'Обучение', authoring: 'Вести курсы' };
const en: typeof ru = { learning: 'Learning', authoring: 'Write courses' };

/** What the frame shows of learning: apart, because it is part of every page's first load. */
export const entryTexts: Catalogue<typeof ru> = { ru, en };
