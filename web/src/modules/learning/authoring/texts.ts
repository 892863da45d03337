import type { Catalogue } from '#platform/languages';
import { en } from './texts.en';
import { ru } from './texts.ru';

/** Messages of the author's side. */
export const authoringTexts: Catalogue<typeof ru> = { ru, en };
