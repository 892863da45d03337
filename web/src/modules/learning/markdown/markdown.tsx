import { Anchor } from '@mantine/core';
import { Fragment, type ReactNode, useMemo } from 'react';
import './markdown.css';
import { type Block, type Inline, parseMarkdown } from './parse';

/** A text of a lesson as the learner reads it. */
export function Markdown(props: { source: string }) {
  const blocks = useMemo(() => parseMarkdown(props.source), [props.source]);
  return <div className="prose">{drawBlocks(blocks)}</div>;
}

function drawBlocks(blocks: readonly Block[]): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: a text is drawn anew as a whole.
  return blocks.map((block, index) => <Fragment key={index}>{drawBlock(block)}</Fragment>);
}

function drawBlock(block: Block): ReactNode {
  switch (block.kind) {
    case 'heading': {
      // The page has the first level, its blocks the second: a text begins below.
      const level = Math.min(block.level + 1, 6);
      const Tag = `h${Math.max(level, 3)}` as 'h3' | 'h4' | 'h5' | 'h6';
      return <Tag>{drawInline(block.parts)}</Tag>;
    }
    case 'paragraph':
      return <p>{drawInline(block.parts)}</p>;
    case 'list': {
      const items = block.items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text is drawn anew as a whole.
        <li key={index}>
          {drawInline(item.parts)}
          {drawBlocks(item.children)}
        </li>
      ));
      return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
    }
    case 'quote':
      return <blockquote>{drawBlocks(block.blocks)}</blockquote>;
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, also by keyboard.
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case 'table':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, also by keyboard.
        <div className="prose-table" tabIndex={0}>
          <table>
            <thead>
              <tr>
                {block.head.map((cell, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns have no other name.
                  <th key={index}>{drawInline(cell)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name.
                <tr key={index}>
                  {row.map((cell, column) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: cells have no other name.
                    <td key={column}>{drawInline(cell)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case 'rule':
      return <hr />;
  }
}

function drawInline(parts: readonly Inline[]): ReactNode {
  // biome-ignore lint/suspicious/noArrayIndexKey: a text is drawn anew as a whole.
  return parts.map((part, index) => <Fragment key={index}>{drawPart(part)}</Fragment>);
}

function drawPart(part: Inline): ReactNode {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'strong':
      return <strong>{drawInline(part.parts)}</strong>;
    case 'emphasis':
      return <em>{drawInline(part.parts)}</em>;
    case 'strike':
      return <s>{drawInline(part.parts)}</s>;
    case 'code':
      return <code>{part.text}</code>;
    case 'link':
      return (
        <Anchor href={part.href} target="_blank" rel="noopener noreferrer" underline="always">
          {drawInline(part.parts)}
        </Anchor>
      );
    case 'image':
      return <img src={part.src} alt={part.alt} loading="lazy" referrerPolicy="no-referrer" />;
    case 'break':
      return <br />;
  }
}
