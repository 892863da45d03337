import type { Catalogue } from '#platform/languages';
import { en } from './texts.en';
import { ru } from './texts.ru';

/** Messages of the import. */
export const importTexts: Catalogue<typeof ru> = { ru, en };
