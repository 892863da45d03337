import type { Catalogue } from '#platform/languages';
import { en } from './texts.en';
import { ru } from './texts.ru';

/** Messages of recordings: in the room, and on the page of a session's recordings. */
export const recordingTexts: Catalogue<typeof ru> = { ru, en };
