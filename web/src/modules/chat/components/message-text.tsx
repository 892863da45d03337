import { textParts } from './text-parts';

/** The text of a message: lines as they were typed, links, mentions. */
export function MessageText(props: { text: string; names: readonly string[] }) {
  const parts = textParts(props.text, props.names);
  return (
    <p className="chat-text">
      {parts.map((part, index) => {
        // The parts of one text keep their places.
        const key = index;
        if (part.kind === 'link') {
          return (
            <a
              key={key}
              className="chat-link"
              href={part.text}
              target="_blank"
              rel="noopener noreferrer"
            >
              {part.text}
            </a>
          );
        }
        if (part.kind === 'mention') {
          return (
            <strong key={key} className="chat-mention">
              {part.text}
            </strong>
          );
        }
        return <span key={key}>{part.text}</span>;
      })}
    </p>
  );
}
