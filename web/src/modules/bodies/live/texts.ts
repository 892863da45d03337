import type { Catalogue } from '#platform/languages';
import { en } from './texts.en';
import { ru } from './texts.ru';

/** Messages of a session and its proceedings. */
export const sessionTexts: Catalogue<typeof ru> = { ru, en };
