import { Button } from '@mantine/core';
import { ArrowDown, MessagesSquare } from 'lucide-react';
import { Fragment, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { EmptyState } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import type { Message } from '../documents';
import type { Conversation, Pending } from '../state/conversation';
import { chatTexts } from '../texts';
import { dayName, sameDay } from './days';
import { type MessageActions, MessageRow } from './message-row';
import { PendingRow } from './pending-row';

/** Nearer to an end than this, more is fetched. */
const NEAR = 900;
/** As near to the bottom as this counts as there. */
const AT_BOTTOM = 48;
/** Messages of one person within so many minutes stand together. */
const TOGETHER_MS = 5 * 60_000;

/**
 * The messages of a channel: a stretch of them is in the page and follows the scrolling. It keeps to
 * the bottom while the reader is there, and keeps its place when earlier ones come in above.
 */
export function MessageList(props: {
  label: string;
  state: Conversation;
  /** When the channel was opened, everything up to here was read; none when all was. */
  readBefore: number | null;
  readByOthers: number;
  moderate: boolean;
  found: number | null;
  actions: MessageActions;
  onMore: (direction: 'earlier' | 'later') => void;
  onLatest: () => void;
  onRead: (seq: number) => void;
  onRetry: (pending: Pending) => void;
  onGiveUp: (clientId: string) => void;
}) {
  const t = useTexts(chatTexts);
  const { state, onMore, onRead, found } = props;
  const { messages } = state;
  const scroll = useRef<HTMLDivElement>(null);
  const atBottom = useRef(true);
  /** The end is wanted, and may still be on its way. */
  const toEnd = useRef(false);
  const sent = useRef(0);
  const anchor = useRef<{ seq: number; top: number } | null>(null);
  const [below, setBelow] = useState(false);
  const first = messages[0]?.seq ?? 0;
  const last = messages.at(-1)?.seq ?? 0;
  const { readBefore } = props;
  const firstUnread =
    readBefore === null
      ? null
      : (messages.find((message) => message.seq > readBefore && !message.isMine)?.seq ?? null);
  /** The furthest message that was on the screen. */
  const seen = useRef(readBefore ?? 0);

  const remember = useCallback(() => {
    const box = scroll.current;
    if (!box) return;
    atBottom.current =
      box.scrollHeight - box.scrollTop - box.clientHeight < AT_BOTTOM && !state.hasLater;
    setBelow(!atBottom.current);
    const top = box.getBoundingClientRect().top;
    const rows = box.querySelectorAll<HTMLElement>('[data-seq]');
    const row = [...rows].find((one) => one.getBoundingClientRect().bottom > top);
    anchor.current = row
      ? { seq: Number(row.dataset.seq), top: row.getBoundingClientRect().top - top }
      : null;
    if (atBottom.current && document.visibilityState === 'visible') {
      seen.current = Math.max(seen.current, last);
      onRead(last);
    }
  }, [state.hasLater, last, onRead]);

  // Where the reader is, is kept by hand: browsers do it each in their own way, or not at all.
  // biome-ignore lint/correctness/useExhaustiveDependencies: after every change of what is shown.
  useLayoutEffect(() => {
    const box = scroll.current;
    if (!box) return;
    // What one has just said is to be seen.
    if (state.pending.length > sent.current) toEnd.current = true;
    sent.current = state.pending.length;
    if ((atBottom.current || toEnd.current) && !state.hasLater) {
      box.scrollTop = box.scrollHeight;
      toEnd.current = false;
    } else if (anchor.current) {
      const row = box.querySelector(`[data-seq="${anchor.current.seq}"]`);
      if (row) {
        const top = row.getBoundingClientRect().top - box.getBoundingClientRect().top;
        box.scrollTop += top - anchor.current.top;
      }
    }
    remember();
  }, [messages, state.pending, state.hasLater]);

  // The beginning: at the first unread message or the one that was asked for, otherwise at the end.
  const shown = useRef<string | null>(null);
  const start = found ?? firstUnread;
  const wanted = messages.length > 0 ? `${found ?? 'start'}` : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each place that is asked for.
  useLayoutEffect(() => {
    const box = scroll.current;
    if (!box || wanted === null || shown.current === wanted) return;
    const row = start === null ? null : box.querySelector(`[data-seq="${start}"]`);
    if (found !== null && !row) return;
    shown.current = wanted;
    if (row) {
      atBottom.current = false;
      const top = row.getBoundingClientRect().top - box.getBoundingClientRect().top;
      box.scrollTop += top - box.clientHeight / 3;
    } else box.scrollTop = box.scrollHeight;
    remember();
  }, [wanted, messages, start]);

  useEffect(() => {
    const box = scroll.current;
    if (!box) return;
    // A keyboard that slides in, a picture, another width of the window.
    const observer = new ResizeObserver(() => {
      if (atBottom.current) box.scrollTop = box.scrollHeight;
    });
    observer.observe(box);
    document.addEventListener('visibilitychange', remember);
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', remember);
    };
  }, [remember]);

  function onScroll() {
    const box = scroll.current;
    if (!box) return;
    remember();
    if (box.scrollTop < NEAR) onMore('earlier');
    if (box.scrollHeight - box.scrollTop - box.clientHeight < NEAR) onMore('later');
  }

  function toLatest() {
    if (state.hasLater) {
      toEnd.current = true;
      props.onLatest();
    } else scroll.current?.scrollTo({ top: scroll.current.scrollHeight, behavior: 'smooth' });
  }

  const missed = below
    ? messages.filter((message) => message.seq > seen.current && !message.isMine).length
    : 0;
  return (
    <div className="chat-messages-frame">
      <div
        ref={scroll}
        className="chat-messages"
        role="log"
        aria-label={props.label}
        aria-live="polite"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
        tabIndex={0}
        onScroll={onScroll}
        data-first={first}
      >
        {messages.length === 0 && state.pending.length === 0 && (
          <EmptyState
            icon={MessagesSquare}
            title={t.messagesEmptyTitle}
            text={t.messagesEmptyText}
          />
        )}
        <div className="chat-messages-rise" />
        {messages.map((message, index) => (
          <Fragment key={message.id}>
            <Separators before={messages[index - 1]} message={message} unread={firstUnread} />
            <MessageRow
              message={message}
              first={!together(messages[index - 1], message)}
              moderate={props.moderate}
              read={message.seq <= props.readByOthers}
              found={message.seq === found}
              actions={props.actions}
            />
          </Fragment>
        ))}
        {!state.hasLater &&
          state.pending.map((pending) => (
            <PendingRow
              key={pending.clientId}
              pending={pending}
              onRetry={props.onRetry}
              onGiveUp={props.onGiveUp}
            />
          ))}
      </div>
      {below && (
        <Button
          className="chat-latest"
          size="xs"
          radius="xl"
          variant="default"
          leftSection={<ArrowDown size={16} aria-hidden />}
          onClick={toLatest}
        >
          {missed > 0 ? t.toLatestNew(missed) : t.toLatest}
        </Button>
      )}
    </div>
  );
}

function together(before: Message | undefined, message: Message): boolean {
  return (
    before !== undefined &&
    before.kind === message.kind &&
    before.author?.id === message.author?.id &&
    new Date(message.at).getTime() - new Date(before.at).getTime() < TOGETHER_MS &&
    sameDay(new Date(before.at), new Date(message.at))
  );
}

function Separators(props: {
  before: Message | undefined;
  message: Message;
  unread: number | null;
}) {
  const t = useTexts(chatTexts);
  const format = useFormat();
  const { before, message } = props;
  const at = new Date(message.at);
  const newDay = !before || !sameDay(new Date(before.at), at);
  return (
    <>
      {newDay && (
        <div className="chat-day">
          <span>{dayName(at, new Date(), t, format.date)}</span>
        </div>
      )}
      {message.seq === props.unread && (
        <div className="chat-new">
          <span>{t.newMessages}</span>
        </div>
      )}
    </>
  );
}
