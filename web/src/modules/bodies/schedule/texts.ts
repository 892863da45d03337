import type { Catalogue } from '#platform/languages';
import { en } from './texts.en';
import { ru } from './texts.ru';

/** Messages of scheduling. */
export const scheduleTexts: Catalogue<typeof ru> = { ru, en };
