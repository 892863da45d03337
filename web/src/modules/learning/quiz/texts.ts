import type { Catalogue } from '#platform/languages';
import { en } from './texts.en';
import { ru } from './texts.ru';

/** Messages of quizzes. */
export const quizTexts: Catalogue<typeof ru> = { ru, en };
