import type { Catalogue } from '#platform/languages';
import { en } from './texts.en';
import { ru } from './texts.ru';

/** Messages of the register. */
export const membersTexts: Catalogue<typeof ru> = { ru, en };
