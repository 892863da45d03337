import type { Catalogue } from '#platform/languages';
import { en } from './texts.en';
import { ru } from './texts.ru';

/** Messages of mailings. */
export const mailingsTexts: Catalogue<typeof ru> = { ru, en };
