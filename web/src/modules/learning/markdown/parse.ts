/**
 * The part of Markdown that lessons are written in, as a tree: never HTML, so nothing in a text can
 * become a script. Headings, lists, quotes, code, rules, tables, links, images, emphasis.
 */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'strong' | 'emphasis' | 'strike'; parts: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; href: string; parts: Inline[] }
  | { kind: 'image'; src: string; alt: string }
  | { kind: 'break' };

export type ListItem = { parts: Inline[]; children: Block[] };

export type Block =
  | { kind: 'heading'; level: number; parts: Inline[] }
  | { kind: 'paragraph'; parts: Inline[] }
  | { kind: 'list'; ordered: boolean; start: number; items: ListItem[] }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }
  | { kind: 'rule' };

const ITEM = /^( *)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const FENCE = /^ {0,3}(```+|~~~+)/;
const TABLE_LINE = /^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)+\|?\s*$/;
/** Quotes and lists inside one another deeper than this are read as plain text. */
const MAX_DEPTH = 8;

/** Reads a whole text. */
export function parseMarkdown(source: string): Block[] {
  return blocksOf(source.replace(/\r\n?/g, '\n').replace(/\t/g, '    ').split('\n'), 0);
}

function blocksOf(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    if (!line.trim()) {
      at += 1;
      continue;
    }
    const fence = FENCE.exec(line)?.[1];
    if (fence) {
      const close = lines.findIndex((other, i) => i > at && other.trim().startsWith(fence));
      const end = close < 0 ? lines.length : close;
      blocks.push({ kind: 'code', text: lines.slice(at + 1, end).join('\n') });
      at = end + 1;
      continue;
    }
    const heading = HEADING.exec(line);
    if (heading) {
      blocks.push({
        kind: 'heading',
        level: heading[1]?.length ?? 1,
        parts: inline(heading[2] ?? ''),
      });
      at += 1;
      continue;
    }
    if (RULE.test(line)) {
      blocks.push({ kind: 'rule' });
      at += 1;
      continue;
    }
    if (/^ {0,3}>/.test(line) && depth < MAX_DEPTH) {
      const end = endOf(lines, at, (other) => /^ {0,3}>/.test(other));
      const inner = lines.slice(at, end).map((other) => other.replace(/^ {0,3}> ?/, ''));
      blocks.push({ kind: 'quote', blocks: blocksOf(inner, depth + 1) });
      at = end;
      continue;
    }
    if (ITEM.test(line) && depth < MAX_DEPTH) {
      const [list, end] = listAt(lines, at, depth);
      blocks.push(list);
      at = end;
      continue;
    }
    if (line.includes('|') && TABLE_LINE.test(lines[at + 1] ?? '')) {
      const end = endOf(lines, at + 2, (other) => other.includes('|'));
      blocks.push({
        kind: 'table',
        head: cells(line),
        rows: lines.slice(at + 2, end).map(cells),
      });
      at = end;
      continue;
    }
    const end = endOf(lines, at + 1, (other) => continuesParagraph(other, depth));
    blocks.push({ kind: 'paragraph', parts: paragraph(lines.slice(at, end)) });
    at = end;
  }
  return blocks;
}

/** The first line from `from` on that does not belong. */
function endOf(lines: readonly string[], from: number, belongs: (line: string) => boolean): number {
  let end = from;
  while (end < lines.length && belongs(lines[end] ?? '')) end += 1;
  return end;
}

function continuesParagraph(line: string, depth: number): boolean {
  if (!line.trim() || FENCE.test(line) || HEADING.test(line) || RULE.test(line)) return false;
  return depth >= MAX_DEPTH || !(/^ {0,3}>/.test(line) || ITEM.test(line));
}

function listAt(lines: readonly string[], from: number, depth: number): [Block, number] {
  const first = ITEM.exec(lines[from] ?? '');
  const indent = first?.[1]?.length ?? 0;
  const ordered = /\d/.test(first?.[2] ?? '');
  const items: ListItem[] = [];
  let at = from;
  while (at < lines.length) {
    const found = ITEM.exec(lines[at] ?? '');
    const own = found && (found[1]?.length ?? 0) <= indent + 1;
    if (!found || !own || /\d/.test(found[2] ?? '') !== ordered || RULE.test(lines[at] ?? ''))
      break;
    const end = endOf(lines, at + 1, (line) => {
      const nested = /^ */.exec(line)?.[0].length ?? 0;
      return line.trim() !== '' && nested > indent + 1;
    });
    const inside = lines.slice(at + 1, end);
    const cut = inside.findIndex(
      (line) => ITEM.test(line) || FENCE.test(line) || /^\s*>/.test(line),
    );
    const text = cut < 0 ? inside : inside.slice(0, cut);
    const rest = cut < 0 ? [] : inside.slice(cut);
    const margin = Math.min(...rest.map((line) => /^ */.exec(line)?.[0].length ?? 0));
    items.push({
      parts: paragraph([found[3] ?? '', ...text]),
      children:
        rest.length > 0
          ? blocksOf(
              rest.map((line) => line.slice(margin)),
              depth + 1,
            )
          : [],
    });
    at = end;
    // One blank line between items does not end a list.
    const next = lines[at + 1] ?? '';
    if (lines[at]?.trim() === '' && ITEM.test(next) && leading(next) <= indent + 1) at += 1;
  }
  const start = ordered ? Number.parseInt(first?.[2] ?? '1', 10) : 1;
  return [{ kind: 'list', ordered, start, items }, at];
}

function leading(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

function cells(line: string): Inline[][] {
  const inner = line.trim().replace(/^\|/, '').replace(/\|$/, '');
  return inner.split('|').map((cell) => inline(cell.trim()));
}

function paragraph(lines: readonly string[]): Inline[] {
  const parts: Inline[] = [];
  lines.forEach((line, index) => {
    const last = index === lines.length - 1;
    const hard = !last && /( {2,}|\\)$/.test(line);
    const text = line.trim().replace(/\\$/, '');
    parts.push(...inline(hard || last ? text : `${text} `));
    if (hard) parts.push({ kind: 'break' });
  });
  return joined(parts);
}

const PATTERNS: readonly [RegExp, (found: RegExpExecArray) => Inline | null][] = [
  [/^\\([\\`*_{}[\]()#+\-.!|~>])/, (m) => ({ kind: 'text', text: m[1] ?? '' })],
  [/^(`+)(.+?)\1(?!`)/, (m) => ({ kind: 'code', text: (m[2] ?? '').trim() })],
  [/^!\[([^\]]*)\]\(([^)\s]+)\)/, (m) => image(m[2] ?? '', m[1] ?? '')],
  [/^\[([^\]]+)\]\(([^)\s]+)\)/, (m) => link(m[2] ?? '', inline(m[1] ?? ''))],
  [/^<(https?:\/\/[^>\s]+)>/, (m) => link(m[1] ?? '', [{ kind: 'text', text: m[1] ?? '' }])],
  [
    /^(https?:\/\/[^\s<>)]*[^\s<>).,;:!?])/,
    (m) => link(m[1] ?? '', [{ kind: 'text', text: m[1] ?? '' }]),
  ],
  [/^\*\*(?=\S)(.+?\S|\S)\*\*/, (m) => ({ kind: 'strong', parts: inline(m[1] ?? '') })],
  [/^__(?=\S)(.+?\S|\S)__(?!\w)/, (m) => ({ kind: 'strong', parts: inline(m[1] ?? '') })],
  [/^~~(?=\S)(.+?)~~/, (m) => ({ kind: 'strike', parts: inline(m[1] ?? '') })],
  [/^\*(?=\S)([^*]*[^*\s])\*(?!\*)/, (m) => ({ kind: 'emphasis', parts: inline(m[1] ?? '') })],
  [/^_(?=\S)([^_]*[^_\s])_(?!\w)/, (m) => ({ kind: 'emphasis', parts: inline(m[1] ?? '') })],
];

/** Where a mark may begin; everything between is taken as it stands. */
const SPECIAL = /[\\`![<*_~]|https?:\/\//;

function inline(text: string): Inline[] {
  const parts: Inline[] = [];
  let rest = text;
  let before = '';
  while (rest) {
    const next = rest.search(SPECIAL);
    if (next < 0) {
      parts.push({ kind: 'text', text: rest });
      break;
    }
    if (next > 0) {
      before = rest.charAt(next - 1);
      parts.push({ kind: 'text', text: rest.slice(0, next) });
      rest = rest.slice(next);
    }
    const [part, length] = markAt(rest, before);
    parts.push(part);
    before = rest.charAt(length - 1);
    rest = rest.slice(length);
  }
  return joined(parts);
}

function markAt(rest: string, before: string): [Inline, number] {
  // An underscore inside a word is part of it (file_name_here).
  if (!(rest.startsWith('_') && /[\p{L}\p{N}]/u.test(before))) {
    for (const [pattern, make] of PATTERNS) {
      const found = pattern.exec(rest);
      const part = found && make(found);
      if (found && part) return [part, found[0].length];
    }
  }
  // A run of marks that opens nothing is taken at once: else a long one would cost its square.
  const run = /^(.)\1*/s.exec(rest)?.[0] ?? rest.charAt(0);
  return [{ kind: 'text', text: run }, run.length];
}

function link(href: string, parts: Inline[]): Inline | null {
  return safeAddress(href) ? { kind: 'link', href, parts } : null;
}

function image(src: string, alt: string): Inline | null {
  return /^https:\/\//i.test(src) ? { kind: 'image', src, alt } : null;
}

/** Addresses that may be followed: the web, mail, telephone, and places of this app. */
export function safeAddress(href: string): boolean {
  return /^(https?:\/\/|mailto:|tel:)/i.test(href) || /^\/(?![/\\])/.test(href);
}

function joined(parts: readonly Inline[]): Inline[] {
  const result: Inline[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part.kind === 'text' && last?.kind === 'text') {
      result[result.length - 1] = { kind: 'text', text: last.text + part.text };
    } else result.push(part);
  }
  return result;
}

/** A text without its marks, on one line: for cards and lists. */
export function plainText(source: string): string {
  return parseMarkdown(source).map(wordsOf).join(' ').replace(/\s+/g, ' ').trim();
}

function wordsOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return inlineWords(block.parts);
    case 'list':
      return block.items
        .map((item) => [inlineWords(item.parts), ...item.children.map(wordsOf)].join(' '))
        .join(' ');
    case 'quote':
      return block.blocks.map(wordsOf).join(' ');
    case 'code':
      return block.text;
    case 'table':
      return [block.head, ...block.rows].map((row) => row.map(inlineWords).join(' ')).join(' ');
    case 'rule':
      return '';
  }
}

function inlineWords(parts: readonly Inline[]): string {
  return parts
    .map((part) => {
      switch (part.kind) {
        case 'text':
        case 'code':
          return part.text;
        case 'image':
          return part.alt;
        case 'break':
          return ' ';
        default:
          return inlineWords(part.parts);
      }
    })
    .join('');
}
