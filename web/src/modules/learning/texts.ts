import type { Catalogue } from '#platform/languages';
import { en } from './texts.en';
import { ru } from './texts.ru';

/** Messages of learning. */
export const learningTexts: Catalogue<typeof ru> = { ru, en };
