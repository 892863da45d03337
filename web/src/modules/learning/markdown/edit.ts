/** A text with what is selected in it. */
export type Selection = { text: string; from: number; to: number };

/** Puts marks around the selection, or takes them off again; the words stay selected. */
export function wrapped(now: Selection, mark: string, placeholder: string): Selection {
  const { text, from, to } = now;
  const before = text.slice(0, from);
  const after = text.slice(to);
  if (before.endsWith(mark) && after.startsWith(mark)) {
    return {
      text: before.slice(0, -mark.length) + text.slice(from, to) + after.slice(mark.length),
      from: from - mark.length,
      to: to - mark.length,
    };
  }
  const words = text.slice(from, to) || placeholder;
  return {
    text: `${before}${mark}${words}${mark}${after}`,
    from: from + mark.length,
    to: from + mark.length + words.length,
  };
}

/** Puts a prefix before each selected line, or takes it off when all have it. */
export function prefixed(now: Selection, prefix: (line: number) => string): Selection {
  const start = now.text.lastIndexOf('\n', now.from - 1) + 1;
  const found = now.text.indexOf('\n', now.to);
  const end = found < 0 ? now.text.length : found;
  const lines = now.text.slice(start, end).split('\n');
  const has = lines.every((line, index) => line.startsWith(prefix(index)));
  const changed = lines
    .map((line, index) => (has ? line.slice(prefix(index).length) : prefix(index) + line))
    .join('\n');
  return {
    text: now.text.slice(0, start) + changed + now.text.slice(end),
    from: start,
    to: start + changed.length,
  };
}

/** Makes the selection a link; the address is selected, to be typed over. */
export function linked(now: Selection, placeholder: string): Selection {
  const words = now.text.slice(now.from, now.to) || placeholder;
  const address = 'https://';
  const head = `${now.text.slice(0, now.from)}[${words}](`;
  return {
    text: `${head}${address})${now.text.slice(now.to)}`,
    from: head.length,
    to: head.length + address.length,
  };
}
