import type { Catalogue } from '#platform/languages';

const ru = { mailings: 'Рассылки' };
const en: typeof ru = { mailings: 'Mailings' };

/** The word of mailings that every page carries: the rest is loaded with the pages. */
export const mailingsEntryTexts: Catalogue<typeof ru> = { ru, en };
