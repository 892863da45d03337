import type { Catalogue } from '#platform/languages';
import { en } from './texts.en';
import { ru } from './texts.ru';

/** Messages of the record card. */
export const recordTexts: Catalogue<typeof ru> = { ru, en };
