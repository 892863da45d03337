import type { Catalogue } from '#platform/languages';
import { en } from './texts.en';
import { ru } from './texts.ru';

/** Messages of the meeting room. */
export const meetingTexts: Catalogue<typeof ru> = { ru, en };
