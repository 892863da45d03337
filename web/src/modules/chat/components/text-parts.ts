/** A part of a message's text. */
export type TextPart = { kind: 'text' | 'link' | 'mention'; text: string };

const LINK = /https?:\/\/[^\s<>"«»]+/g;

/**
 * Splits a text into words, links and mentions. Only `http` and `https` are links; what ends a
 * sentence is not part of one. A mention is a name from the list behind an @.
 */
export function textParts(text: string, names: readonly string[]): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const link = match[0].replace(/[.,;:!?)\]}'…]+$/, '');
    mentionParts(text.slice(at, match.index), names, parts);
    parts.push({ kind: 'link', text: link });
    at = match.index + link.length;
  }
  mentionParts(text.slice(at), names, parts);
  return parts;
}

function mentionParts(text: string, names: readonly string[], parts: TextPart[]): void {
  // The longest first: «Анна Мария» is not «Анна».
  const known = names.filter(Boolean).sort((one, other) => other.length - one.length);
  let rest = text;
  let plain = '';
  while (rest) {
    const sign = rest.indexOf('@');
    if (sign < 0) break;
    const name = known.find((candidate) => rest.startsWith(candidate, sign + 1));
    plain += rest.slice(0, sign);
    if (name === undefined) {
      plain += '@';
      rest = rest.slice(sign + 1);
      continue;
    }
    if (plain) parts.push({ kind: 'text', text: plain });
    plain = '';
    parts.push({ kind: 'mention', text: `@${name}` });
    rest = rest.slice(sign + 1 + name.length);
  }
  plain += rest;
  if (plain) parts.push({ kind: 'text', text: plain });
}
