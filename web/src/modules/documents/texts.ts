import type { Catalogue } from '#platform/languages';
import { en } from './texts.en';
import { ru } from './texts.ru';

/** Messages of documents and tasks. */
export const documentsTexts: Catalogue<typeof ru> = { ru, en };
