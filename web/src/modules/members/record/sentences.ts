import type { Format } from '#platform/languages';
import type { HistoryEntry } from './documents';
import type { recordTexts } from './texts';

type Words = (typeof recordTexts)['ru'];
type Change = HistoryEntry['changes'][number];

/** An entry of the history as a sentence; `label` names its subject and may become a link. */
export type Sentence = { text: string; label: string | null; details: string[] };

/** A value of a record as people read it. */
export function valueText(
  field: Change['field'],
  value: string | null,
  t: Words,
  format: Pick<Format, 'day'>,
): string {
  if (value === null || value === '') return t.blank;
  if (field === 'SEX') {
    return value.toLowerCase() === 'female' ? t.sexes.FEMALE : t.sexes.MALE;
  }
  if ((field === 'BIRTH_DATE' || field === 'JOINED_ON') && /^\d{4}-\d\d-\d\d$/.test(value)) {
    return format.day(value);
  }
  return value;
}

/** Puts an entry of the history into words. */
export function sentenceOf(
  entry: HistoryEntry,
  t: Words,
  offices: Record<string, string>,
  format: Pick<Format, 'day'>,
): Sentence {
  const office = (entry.office && offices[entry.office]) || (entry.subjectLabel ?? '');
  const other = entry.to ?? entry.from ?? entry.organization ?? entry.subjectLabel ?? '';
  const h = t.history;
  const text = (() => {
    switch (entry.kind) {
      case 'MOVED':
        return h.MOVED(entry.from ?? '', entry.to ?? '');
      case 'CONSENT':
        return h.CONSENT[entry.consent ?? 'GIVEN'];
      case 'TRANSFER_REQUESTED':
      case 'TRANSFER_REFUSED':
      case 'TRANSFER_CANCELLED':
      case 'LEFT':
        return h[entry.kind](other);
      case 'ARRIVED':
        return h.ARRIVED(entry.from ?? other);
      case 'OFFICE_TAKEN':
      case 'OFFICE_ENDED':
        return h[entry.kind](office);
      case 'CERTIFICATE_ISSUED':
        return h.CERTIFICATE_ISSUED(entry.number ?? '');
      default:
        return h[entry.kind];
    }
  })();
  const details = entry.changes.map((change) =>
    t.change(
      t.fields[change.field],
      valueText(change.field, change.old, t, format),
      valueText(change.field, change.new, t, format),
    ),
  );
  if (entry.reason) details.push(t.reasonGiven(entry.reason));
  // What the sentence names already is not repeated behind it.
  const label =
    entry.subjectLabel && !text.includes(entry.subjectLabel) ? entry.subjectLabel : null;
  return { text, label, details };
}
