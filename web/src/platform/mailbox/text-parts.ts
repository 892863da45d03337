/** A stretch of plain text; `href` is set where it is a web address. `at` is its offset. */
export type TextPart = { at: number; text: string; href: string | null };

/** Splits plain text into web addresses and what stands between them. */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"]+/g)) {
    // A full stop or bracket after an address belongs to the sentence.
    const url = match[0].replace(/[.,;:!?)\]]+$/, '');
    if (match.index > end) {
      parts.push({ at: end, text: text.slice(end, match.index), href: null });
    }
    parts.push({ at: match.index, text: url, href: url });
    end = match.index + url.length;
  }
  if (end < text.length) parts.push({ at: end, text: text.slice(end), href: null });
  return parts;
}
