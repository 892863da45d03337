import { expect, test } from 'vitest';
import { type Inline, parseMarkdown, plainText } from './parse';

const text = (words: string): Inline => ({ kind: 'text', text: words });

test('headings_paragraphs_and_emphasis_are_read', () => {
  expect(parseMarkdown('## Права\n\nЧлен *профсоюза* имеет\nправо на **защиту**.')).toEqual([
    { kind: 'heading', level: 2, parts: [text('Права')] },
    {
      kind: 'paragraph',
      parts: [
        text('Член '),
        { kind: 'emphasis', parts: [text('профсоюза')] },
        text(' имеет право на '),
        { kind: 'strong', parts: [text('защиту')] },
        text('.'),
      ],
    },
  ]);
});

test('lists_keep_their_number_and_nest', () => {
  expect(parseMarkdown('3. три\n4. четыре\n   - внутри')).toEqual([
    {
      kind: 'list',
      ordered: true,
      start: 3,
      items: [
        { parts: [text('три')], children: [] },
        {
          parts: [text('четыре')],
          children: [
            {
              kind: 'list',
              ordered: false,
              start: 1,
              items: [{ parts: [text('внутри')], children: [] }],
            },
          ],
        },
      ],
    },
  ]);
});

test('tables_quotes_code_and_rules_are_read', () => {
  const kinds = parseMarkdown(
    '| а | б |\n|---|---|\n| 1 | 2 |\n\n> цитата\n\n```\n**как есть**\n```\n\n---',
  );
  expect(kinds.map((block) => block.kind)).toEqual(['table', 'quote', 'code', 'rule']);
  expect(kinds[2]).toEqual({ kind: 'code', text: '**как есть**' });
});

test('html_stays_text', () => {
  expect(parseMarkdown('<script>alert(1)</script>')).toEqual([
    { kind: 'paragraph', parts: [text('<script>alert(1)</script>')] },
  ]);
});

test.each([
  '[x](javascript:alert(1))',
  '[x](JavaScript:alert)',
  '[x](data:text/html,1)',
  '[x](//evil.example)',
])('%s_is_no_link', (source) => {
  const [block] = parseMarkdown(source);
  const kinds = block?.kind === 'paragraph' ? block.parts.map((part) => part.kind) : [];
  expect(kinds).toEqual(['text']);
});

test('an_image_over_an_open_line_is_not_shown', () => {
  const [block] = parseMarkdown('![x](http://tracker.example/1.png)');
  const kinds = block?.kind === 'paragraph' ? block.parts.map((part) => part.kind) : [];
  expect(kinds).not.toContain('image');
});

test('addresses_in_the_text_become_links_without_their_full_stop', () => {
  expect(parseMarkdown('См. https://plenum.example/a.')).toEqual([
    {
      kind: 'paragraph',
      parts: [
        text('См. '),
        {
          kind: 'link',
          href: 'https://plenum.example/a',
          parts: [text('https://plenum.example/a')],
        },
        text('.'),
      ],
    },
  ]);
});

test('underscores_within_words_are_no_emphasis', () => {
  expect(parseMarkdown('файл_о_работе')).toEqual([
    { kind: 'paragraph', parts: [text('файл_о_работе')] },
  ]);
});

test('hostile_nesting_ends', () => {
  expect(() => parseMarkdown(`${'>'.repeat(5000)} x`)).not.toThrow();
  expect(() => parseMarkdown('*'.repeat(20_000))).not.toThrow();
  expect(() => parseMarkdown('['.repeat(20_000))).not.toThrow();
});

test('the_words_without_their_marks_fit_a_card', () => {
  expect(plainText('## Права\n\nДля **новых** членов:\n\n- раз\n- два')).toBe(
    'Права Для новых членов: раз два',
  );
});
