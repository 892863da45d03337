import type { Chapter } from './documents';

/** Browsers seek to a picture that may come a little before the second that was asked for. */
const A_PICTURE_S = 0.3;

/** Which chapter is on at a second of the film: its place in the list; -1 before the first. */
export function chapterAt(chapters: readonly Chapter[], second: number): number {
  return chapters.findLastIndex(({ atSeconds }) => atSeconds <= second + A_PICTURE_S);
}
