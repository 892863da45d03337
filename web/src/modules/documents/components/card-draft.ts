/** A document's card as a form holds it: nothing is null, a date is `2026-11-29`. */
export type CardDraft = {
  title: string;
  summary: string;
  correspondent: string;
  theirNumber: string;
  theirDate: string;
  executor: { id: string; name: string } | null;
  pages: string;
  dueOn: string;
  tags: string;
};

export type CardField = keyof CardDraft;

export const EMPTY_CARD: CardDraft = {
  title: '',
  summary: '',
  correspondent: '',
  theirNumber: '',
  theirDate: '',
  executor: null,
  pages: '',
  dueOn: '',
  tags: '',
};

/** The card that a document has. */
export function draftOf(document: {
  title: string;
  summary: string;
  correspondent: string | null;
  theirNumber: string | null;
  theirDate: string | null;
  executor: { id: string; name: string } | null;
  pages: number | null;
  dueOn: string | null;
  tags: readonly string[];
}): CardDraft {
  return {
    title: document.title,
    summary: document.summary,
    correspondent: document.correspondent ?? '',
    theirNumber: document.theirNumber ?? '',
    theirDate: document.theirDate ?? '',
    executor: document.executor && { id: document.executor.id, name: document.executor.name },
    pages: document.pages === null ? '' : String(document.pages),
    dueOn: document.dueOn ?? '',
    tags: document.tags.join(', '),
  };
}

/** What the API takes. A number of pages that is none is sent as 0, which the server refuses by name. */
export function cardInput(draft: CardDraft) {
  const pages = draft.pages.trim();
  return {
    title: draft.title,
    summary: draft.summary,
    correspondent: draft.correspondent || null,
    theirNumber: draft.theirNumber || null,
    theirDate: draft.theirDate || null,
    executor: draft.executor?.id ?? null,
    pages: pages === '' ? null : /^\d{1,6}$/.test(pages) ? Number(pages) : 0,
    dueOn: draft.dueOn || null,
    tags: draft.tags
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  };
}

/** The fields in which two cards differ, in the order of the card. */
export function differing(one: CardDraft, other: CardDraft): CardField[] {
  const value = (draft: CardDraft, field: CardField) =>
    field === 'executor' ? draft.executor?.id : draft[field];
  return (Object.keys(EMPTY_CARD) as CardField[]).filter(
    (field) => value(one, field) !== value(other, field),
  );
}

/**
 * A form's card after somebody else rewrote it: their fields where the form was not touched, and where both changed
 * the same field, whose is `kept`.
 */
export function merged(
  read: CardDraft,
  mine: CardDraft,
  theirs: CardDraft,
  kept: 'mine' | 'theirs',
): CardDraft {
  const touched = new Set<string>(differing(read, mine));
  const changed = new Set<string>(differing(read, theirs));
  const take = (field: CardField) =>
    changed.has(field) && (kept === 'theirs' || !touched.has(field)) ? theirs : mine;
  return {
    title: take('title').title,
    summary: take('summary').summary,
    correspondent: take('correspondent').correspondent,
    theirNumber: take('theirNumber').theirNumber,
    theirDate: take('theirDate').theirDate,
    executor: take('executor').executor,
    pages: take('pages').pages,
    dueOn: take('dueOn').dueOn,
    tags: take('tags').tags,
  };
}
