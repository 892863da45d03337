/** A path to a film is good for so long. */
const LIVES_MS = 10 * 60_000;

/** A path that was given out, and the second from which the film is played over it. */
export type Link = { path: string; givenAtMs: number; from: number };

/**
 * Whether it is worth asking for another path when a film that was open plays no further: when the path
 * has run out, or the film went on since it was given. One that stops again at the same second under
 * a new path is broken itself, and would be asked for without end.
 */
export function worthAnother(link: Link, second: number, nowMs: number): boolean {
  return nowMs - link.givenAtMs >= LIVES_MS || Math.abs(second - link.from) >= 1;
}
