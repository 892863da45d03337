/** What a lesson is. */
export type LessonKind = 'TEXT' | 'VIDEO' | 'FILE' | 'QUIZ' | 'WEBINAR';

/** A lesson as lists show it. */
export type OutlineLesson = {
  id: string;
  title: string;
  kind: LessonKind;
  state: 'OPEN' | 'STARTED' | 'DONE' | 'LOCKED';
  /** The course is not done without it. */
  required: boolean;
};

/** A course as its learner goes through it. */
export type OutlineSection = { id: string; title: string; lessons: readonly OutlineLesson[] };

/** All lessons one after the other. */
export function lessonsOf(outline: readonly OutlineSection[]): readonly OutlineLesson[] {
  return outline.flatMap((section) => section.lessons);
}

/** The lessons before and after one; null at the ends. */
export function neighbours(
  outline: readonly OutlineSection[],
  lesson: string,
): { previous: OutlineLesson | null; next: OutlineLesson | null } {
  const lessons = lessonsOf(outline);
  const at = lessons.findIndex((one) => one.id === lesson);
  if (at < 0) return { previous: null, next: null };
  return { previous: lessons[at - 1] ?? null, next: lessons[at + 1] ?? null };
}

/** Where to go on: the lesson begun last on the way, else the first not done, else the first. */
export function resumeLesson(outline: readonly OutlineSection[]): OutlineLesson | null {
  const lessons = lessonsOf(outline);
  return (
    lessons.find((one) => one.state === 'STARTED') ??
    lessons.find((one) => one.state === 'OPEN') ??
    lessons[0] ??
    null
  );
}

/** How many of the required lessons are done, of how many. */
export function countDone(outline: readonly OutlineSection[]): { done: number; all: number } {
  const lessons = lessonsOf(outline).filter((one) => one.required);
  return { done: lessons.filter((one) => one.state === 'DONE').length, all: lessons.length };
}
