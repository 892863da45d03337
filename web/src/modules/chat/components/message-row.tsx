import { ActionIcon, Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import {
  CalendarDays,
  Check,
  CheckCheck,
  Copy,
  Ellipsis,
  Pencil,
  Reply,
  Trash2,
} from 'lucide-react';
import { memo, useState } from 'react';
import { toast } from '#platform/design';
import { Dropdown, type DropdownItem } from '#platform/design/dropdown';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import type { Message } from '../documents';
import { chatTexts } from '../texts';
import { PersonAvatar } from './avatar';
import { EmojiPicker } from './emoji-picker';
import { MessageFiles } from './message-files';
import { MessageText } from './message-text';

/** What can be done with a message. */
export type MessageActions = {
  reply: (message: Message) => void;
  edit: (message: Message) => void;
  remove: (message: Message) => void;
  react: (message: Message, emoji: string, on: boolean) => void;
  history: (message: Message) => void;
  goTo: (seq: number) => void;
};

/** One message. Drawn again only when it changes: others come and go around it. */
export const MessageRow = memo(function MessageRow(props: {
  message: Message;
  /** The first of several by one person: then the name is shown. */
  first: boolean;
  moderate: boolean;
  read: boolean;
  found: boolean;
  actions: MessageActions;
}) {
  const { message } = props;
  if (message.kind === 'SESSION') return <SessionNotice message={message} />;
  return <Said {...props} />;
});

function SessionNotice({ message }: { message: Message }) {
  const t = useTexts(chatTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  return (
    <article className="chat-notice" data-seq={message.seq}>
      <CalendarDays size={22} aria-hidden />
      <div>
        <div className="chat-dim">{t.sessionCalled}</div>
        <strong>{message.text}</strong>
        {message.startsAt && <div>{t.sessionAt(format.dateTime(message.startsAt))}</div>}
      </div>
      {message.session && (
        <Button
          size="xs"
          variant="light"
          renderRoot={(rest) => (
            <Link {...links.session(tenant.slug, message.session ?? '')} {...rest} />
          )}
        >
          {t.openSession}
        </Button>
      )}
    </article>
  );
}

function Said(props: Parameters<typeof MessageRow>[0]) {
  const t = useTexts(chatTexts);
  const format = useFormat();
  const { message, actions } = props;
  const [touched, setTouched] = useState(false);
  const name = message.author?.name ?? t.platform;
  const at = format.time(message.at);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: for fingers only; keys reach the tools themselves.
    <article
      className="chat-message"
      data-touched={touched}
      onClick={() => setTouched((before) => !before)}
      data-mine={message.isMine}
      data-first={props.first}
      data-found={props.found}
      data-seq={message.seq}
      aria-label={`${message.isMine ? t.you : name}, ${at}`}
    >
      {!message.isMine && props.first && <PersonAvatar id={message.author?.id ?? ''} name={name} />}
      <div className="chat-bubble">
        {props.first && !message.isMine && (
          <div className="chat-author">
            {name}
            {message.kind === 'MAILING' && <span className="badge">{t.mailing}</span>}
          </div>
        )}
        {message.replyTo && (
          <button
            type="button"
            className="chat-quote"
            onClick={() => message.replyTo && actions.goTo(message.replyTo.seq)}
          >
            <strong className="truncate">{message.replyTo.author?.name ?? t.platform}</strong>
            <span className="truncate">
              {message.replyTo.deleted ? t.deletedMessage : message.replyTo.text || '…'}
            </span>
          </button>
        )}
        {message.deleted ? (
          <p className="chat-text chat-dim">{t.deletedMessage}</p>
        ) : (
          message.text && (
            <MessageText
              text={message.text}
              names={message.mentions.map((person) => person.name)}
            />
          )
        )}
        <MessageFiles channel={message.channel} message={message} />
        <div className="chat-meta">
          {message.editedAt && !message.deleted && (
            <button type="button" title={t.editedTitle} onClick={() => actions.history(message)}>
              {t.edited}
            </button>
          )}
          <time dateTime={message.at}>{at}</time>
          {message.isMine && !message.deleted && <ReadMark read={props.read} />}
        </div>
        {message.reactions.length > 0 && <Reactions message={message} onReact={actions.react} />}
      </div>
      {!message.deleted && <Tools {...props} />}
    </article>
  );
}

function ReadMark(props: { read: boolean }) {
  const t = useTexts(chatTexts);
  const Icon = props.read ? CheckCheck : Check;
  return <Icon size={15} aria-label={props.read ? t.read : t.delivered} />;
}

function Reactions(props: { message: Message; onReact: MessageActions['react'] }) {
  const t = useTexts(chatTexts);
  const { message } = props;
  return (
    <fieldset className="chat-reactions" aria-label={t.reactions}>
      {message.reactions.map(({ emoji, count, mine, people }) => {
        const names = people.map((person) => person.name);
        if (count > names.length) names.push(t.andMore(count - names.length));
        const label = t.reactionBy(emoji, names.join(', '));
        return (
          <button
            key={emoji}
            type="button"
            aria-pressed={mine}
            aria-label={label}
            title={label}
            onClick={() => props.onReact(message, emoji, !mine)}
          >
            <span aria-hidden>{emoji}</span>
            <span className="tabular" aria-hidden>
              {count}
            </span>
          </button>
        );
      })}
    </fieldset>
  );
}

function Tools(props: Parameters<typeof MessageRow>[0]) {
  const t = useTexts(chatTexts);
  const { message, actions } = props;
  const own = message.isMine && message.kind === 'TEXT';
  const items: DropdownItem[] = [];
  if (message.text) {
    const copy = () =>
      void navigator.clipboard?.writeText(message.text).then(() => toast.good(t.copied));
    items.push({
      id: 'copy',
      content: t.copy,
      icon: <Copy size={17} aria-hidden />,
      onChoose: copy,
    });
  }
  if (own) {
    const edit = () => actions.edit(message);
    items.push({
      id: 'edit',
      content: t.edit,
      icon: <Pencil size={17} aria-hidden />,
      onChoose: edit,
    });
  }
  if (message.isMine || props.moderate) {
    const remove = () => actions.remove(message);
    items.push({
      id: 'remove',
      content: t.remove,
      icon: <Trash2 size={17} aria-hidden />,
      onChoose: remove,
    });
  }
  return (
    <div className="chat-tools">
      <EmojiPicker label={t.addReaction} onPick={(emoji) => actions.react(message, emoji, true)} />
      <ActionIcon
        variant="subtle"
        color="gray"
        c="inherit"
        size={32}
        aria-label={t.reply}
        title={t.reply}
        onClick={() => actions.reply(message)}
      >
        <Reply size={18} aria-hidden />
      </ActionIcon>
      {items.length > 0 && (
        <Dropdown
          label={t.more}
          button={<Ellipsis size={18} aria-hidden />}
          buttonClass="chat-tool"
          align={message.isMine ? 'end' : 'start'}
          items={items}
        />
      )}
    </div>
  );
}
