import { Button } from '@mantine/core';
import { Clock, Paperclip, TriangleAlert } from 'lucide-react';
import { useTexts } from '#platform/languages';
import type { Pending } from '../state/conversation';
import { chatTexts } from '../texts';
import { MessageText } from './message-text';
import { useWording } from './use-wording';

/** What the reader said and the server has not confirmed. */
export function PendingRow(props: {
  pending: Pending;
  onRetry: (pending: Pending) => void;
  onGiveUp: (clientId: string) => void;
}) {
  const t = useTexts(chatTexts);
  const failureText = useWording();
  const { pending } = props;
  const refused = pending.state === 'refused';
  return (
    <article className="chat-message" data-mine data-first data-pending={pending.state}>
      <div className="chat-bubble">
        {pending.replyTo && (
          <div className="chat-quote">
            <strong className="truncate">{pending.replyTo.author}</strong>
            <span className="truncate">{pending.replyTo.text}</span>
          </div>
        )}
        {pending.text && <MessageText text={pending.text} names={[]} />}
        {pending.files.map((file) => (
          <div key={file.id} className="chat-file">
            <Paperclip size={18} aria-hidden />
            <span className="truncate">{file.name}</span>
          </div>
        ))}
        <div className="chat-meta" role={refused ? 'alert' : 'status'}>
          {refused ? <TriangleAlert size={14} aria-hidden /> : <Clock size={14} aria-hidden />}
          {pending.state === 'sending' && t.sending}
          {pending.state === 'waiting' &&
            (pending.failure?.code === 'NETWORK' || !pending.failure
              ? t.waiting
              : failureText(pending.failure))}
          {refused && `${t.refused} ${pending.failure ? failureText(pending.failure) : ''}`}
        </div>
        {pending.state !== 'sending' && (
          <div className="chat-pending-actions">
            <Button size="compact-xs" variant="default" onClick={() => props.onRetry(pending)}>
              {t.retry}
            </Button>
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => props.onGiveUp(pending.clientId)}
            >
              {t.giveUp}
            </Button>
          </div>
        )}
      </div>
    </article>
  );
}
