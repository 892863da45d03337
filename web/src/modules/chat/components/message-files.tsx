import { Paperclip } from 'lucide-react';
import type { MouseEvent } from 'react';
import { useClient } from 'urql';
import { useFormat } from '#platform/languages';
import { type Message, MessagesQuery } from '../documents';

/** How tall a picture is drawn at the most. */
const TALLEST = 320;

/**
 * The files of a message. Only what the server has found to be a picture is drawn in place, at its
 * own proportions, so that nothing moves when it arrives.
 */
export function MessageFiles(props: { channel: string; message: Message }) {
  const format = useFormat();
  const client = useClient();

  /** Links to files live ten minutes, pages stay open for hours: the address is asked anew. */
  async function open(event: MouseEvent, id: string, name: string) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { seq } = props.message;
    const answer = await client
      .query(
        MessagesQuery,
        { channel: props.channel, after: seq - 1, before: seq + 1, first: 1 },
        { requestPolicy: 'network-only' },
      )
      .toPromise();
    const files = answer.data?.messages.messages[0]?.files ?? [];
    const url = files.find(({ file }) => file.id === id)?.file.url;
    if (!url) return;
    const anchor = document.createElement('a');
    anchor.href = url;
    anchor.download = name;
    anchor.click();
  }

  if (props.message.files.length === 0) return null;
  return (
    <div className="chat-files">
      {props.message.files.map(({ file, width, height }) => {
        const onClick = (event: MouseEvent) => void open(event, file.id, file.name);
        if (width !== null && height !== null) {
          return (
            <a key={file.id} href={file.url} className="chat-picture" onClick={onClick}>
              <img
                src={file.url}
                alt={file.name}
                width={width}
                height={height}
                loading="lazy"
                style={{ maxHeight: TALLEST, aspectRatio: `${width} / ${height}` }}
              />
            </a>
          );
        }
        return (
          <a key={file.id} href={file.url} className="chat-file" onClick={onClick}>
            <Paperclip size={18} aria-hidden />
            <span className="chat-file-name">
              <span className="truncate">{file.name}</span>
              <span className="chat-dim">{format.bytes(file.sizeBytes)}</span>
            </span>
          </a>
        );
      })}
    </div>
  );
}
