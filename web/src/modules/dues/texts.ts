import type { Catalogue } from '#platform/languages';
import { en } from './texts.en';
import { ru } from './texts.ru';

/** Messages of dues. */
export const duesTexts: Catalogue<typeof ru> = { ru, en };
