import type { Catalogue } from '#platform/languages';
import { en } from './texts.en';
import { ru } from './texts.ru';

/** Messages of conversations. */
export const chatTexts: Catalogue<typeof ru> = { ru, en };
