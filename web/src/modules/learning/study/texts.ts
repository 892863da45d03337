import type { Catalogue } from '#platform/languages';
import { en } from './texts.en';
import { ru } from './texts.ru';

/** Messages of the player. */
export const studyTexts: Catalogue<typeof ru> = { ru, en };
