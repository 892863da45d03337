import type { Catalogue } from '#platform/languages';
import { en } from './texts.en';
import { ru } from './texts.ru';

/** Messages of bodies and sessions. */
export const bodiesTexts: Catalogue<typeof ru> = { ru, en };
