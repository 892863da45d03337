import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import { type Client, useClient } from 'urql';
import { type Failure, readFailure, useSocketState } from '#platform/client';
import {
  ChangesPushes,
  ChannelQuery,
  DeleteMessage,
  EditMessage,
  MarkRead,
  type Message,
  type MessagePage,
  MessagesQuery,
  type OpenChannel,
  React,
  SendMessage,
} from '../documents';
import {
  type Conversation,
  nothing,
  opened,
  type Pending,
  passes,
  withChanges,
  withEarlier,
  withLater,
  withoutPending,
  withPending,
  withState,
} from './conversation';
import { freshId } from './fresh-id';

const PAGE = 60;
/** So many read messages are shown above the first unread one. */
const CONTEXT = 15;
const RETRY_MS = 5_000;

/** What the composer hands over. */
export type Draft = Pick<Pending, 'text' | 'replyTo' | 'files' | 'mentions'>;

type Step = (before: Conversation) => Conversation;

/**
 * One channel, followed live. Pushes are asked for after the last change that is known, at the
 * beginning and after every lost connection, so that nothing is missed.
 */
export function useConversation(id: string, goTo: number | null) {
  const client = useClient();
  const socket = useSocketState();
  const [channel, setChannel] = useState<OpenChannel | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [gone, setGone] = useState(false);
  const [state, step] = useReducer((before: Conversation, next: Step) => next(before), nothing);
  const [readByOthers, setReadByOthers] = useState(0);
  /** Everything up to here was read when the channel was opened. */
  const [readBefore, setReadBefore] = useState<number | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [connection, setConnection] = useState(0);
  const latest = useRef(state);
  latest.current = state;
  const loaded = channel !== null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt asks again.
  useEffect(() => {
    let current = true;
    void open(client, id, goTo).then((result) => {
      if (!current) return;
      if ('failure' in result) return setFailure(result.failure);
      if (result.channel === null) return setGone(true);
      setFailure(null);
      setChannel(result.channel);
      setReadByOthers(result.channel.readByOthers);
      if (result.channel.unread > 0) setReadBefore((before) => before ?? result.channel.readSeq);
      step((before) => opened(before, result.page));
    });
    return () => {
      current = false;
    };
  }, [client, id, goTo, attempt]);

  const lost = useRef(false);
  useEffect(() => {
    if (socket === 'reconnecting') lost.current = true;
    if (socket === 'connected' && lost.current) {
      lost.current = false;
      setConnection((n) => n + 1);
    }
  }, [socket]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new connection goes on after the last known change.
  useEffect(() => {
    if (!loaded) return;
    const variables = { channel: id, after: latest.current.change };
    const { unsubscribe } = client.subscription(ChangesPushes, variables).subscribe((push) => {
      const changes = push.data?.channelChanges;
      if (changes) {
        step((before) => withChanges(before, changes));
        setReadByOthers(changes.readByOthers);
      } else if (push.error && readFailure(push.error).code === 'NOT_FOUND') setGone(true);
    });
    return unsubscribe;
  }, [client, id, loaded, connection]);

  const outbox = useOutbox(client, id, state.pending, step, connection);
  const busy = useRef(false);

  const more = useCallback(
    (direction: 'earlier' | 'later') => {
      const { messages, hasEarlier, hasLater } = latest.current;
      const edge = direction === 'earlier' ? messages[0] : messages.at(-1);
      if (busy.current || !edge || !(direction === 'earlier' ? hasEarlier : hasLater)) return;
      busy.current = true;
      const where = direction === 'earlier' ? { before: edge.seq } : { after: edge.seq };
      void client
        .query(
          MessagesQuery,
          { channel: id, first: PAGE, ...where },
          { requestPolicy: 'network-only' },
        )
        .toPromise()
        .then(({ data }) => {
          busy.current = false;
          const page = data?.messages;
          if (!page) return;
          step((before) => (direction === 'earlier' ? withEarlier : withLater)(before, page));
        });
    },
    [client, id],
  );

  /** Shows another stretch: around a place, or the end. */
  const jump = useCallback(
    async (seq: number | null) => {
      const where = seq === null ? {} : { after: Math.max(0, seq - CONTEXT) };
      const { data } = await client
        .query(
          MessagesQuery,
          { channel: id, first: PAGE, ...where },
          { requestPolicy: 'network-only' },
        )
        .toPromise();
      if (data) step((before) => opened(before, data.messages));
    },
    [client, id],
  );

  const marked = useRef(0);
  const markRead = useCallback(
    (seq: number) => {
      if (seq <= marked.current) return;
      marked.current = seq;
      void client.mutation(MarkRead, { channel: id, seq }).toPromise();
    },
    [client, id],
  );

  const changed = useCallback((message: Message | undefined) => {
    if (message) step((before) => withChanges(before, { change: 0, messages: [message] }));
  }, []);

  return {
    channel,
    setChannel,
    failure,
    gone,
    retry: () => setAttempt((n) => n + 1),
    state,
    readByOthers,
    readBefore,
    more,
    jump,
    markRead,
    outbox,
    edit: async (message: string, text: string, mentions: string[]) => {
      const answer = await client.mutation(EditMessage, { message, text, mentions }).toPromise();
      changed(answer.data?.editMessage);
      return answer.error ? readFailure(answer.error) : null;
    },
    remove: async (message: string) => {
      const answer = await client.mutation(DeleteMessage, { message }).toPromise();
      changed(answer.data?.deleteMessage);
      return answer.error ? readFailure(answer.error) : null;
    },
    react: async (message: string, emoji: string, on: boolean) => {
      const answer = await client.mutation(React, { message, emoji, on }).toPromise();
      changed(answer.data?.react);
      return answer.error ? readFailure(answer.error) : null;
    },
  };
}

type Opening =
  | { failure: Failure }
  | { channel: null }
  | { channel: OpenChannel; page: MessagePage };

async function open(client: Client, id: string, goTo: number | null): Promise<Opening> {
  const fresh = { requestPolicy: 'network-only' } as const;
  const answer = await client.query(ChannelQuery, { id }, fresh).toPromise();
  if (answer.error) return { failure: readFailure(answer.error) };
  const channel = answer.data?.channel ?? null;
  if (channel === null) return { channel: null };
  // From the first unread message on; when all is read, the end.
  const from = goTo ?? (channel.unread > 0 ? channel.readSeq + 1 : null);
  const where = from === null ? {} : { after: Math.max(0, from - 1 - CONTEXT) };
  const page = await client
    .query(MessagesQuery, { channel: id, first: PAGE, ...where }, fresh)
    .toPromise();
  if (page.error) return { failure: readFailure(page.error) };
  if (!page.data) return { channel: null };
  return { channel, page: page.data.messages };
}

/** Sends what is on its way, one after another, until each has arrived or was refused. */
function useOutbox(
  client: Client,
  channel: string,
  pending: readonly Pending[],
  step: (next: Step) => void,
  connection: number,
) {
  const sending = useRef<string | null>(null);
  const [sentSoFar, setSentSoFar] = useState(0);
  const next = pending.find((one) => one.state !== 'refused');

  const attempt = useCallback(
    async (one: Pending) => {
      if (sending.current !== null) return;
      sending.current = one.clientId;
      step((before) => withState(before, one.clientId, 'sending', null));
      const input = {
        channel,
        clientId: one.clientId,
        text: one.text,
        replyTo: one.replyTo?.id ?? null,
        files: one.files.map((file) => file.id),
        mentions: one.mentions,
      };
      const answer = await client.mutation(SendMessage, { input }).toPromise();
      sending.current = null;
      const sent = answer.data?.sendMessage;
      if (sent) {
        step((before) => withChanges(before, { change: 0, messages: [sent] }));
        // The stretch may not reach the end: then the message is confirmed all the same.
        step((before) => withoutPending(before, one.clientId));
        // A push may have outrun this answer: then the next one waits for nothing else.
        return setSentSoFar((n) => n + 1);
      }
      if (!answer.error) return;
      const failure = readFailure(answer.error);
      const state = passes(failure) ? 'waiting' : 'refused';
      step((before) => withState(before, one.clientId, state, failure));
    },
    [client, channel, step],
  );

  const nextId = next?.clientId;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first in the queue, again after every answer and new connection.
  useEffect(() => {
    if (next) void attempt(next);
  }, [nextId, attempt, connection, sentSoFar]);

  const waiting = next?.state === 'waiting';
  useEffect(() => {
    if (!waiting || !next) return;
    const pause = Math.max(RETRY_MS, (next.failure?.retryAfterS ?? 0) * 1000);
    const timer = setTimeout(() => void attempt(next), pause);
    return () => clearTimeout(timer);
  }, [waiting, next, attempt]);

  return {
    send: (draft: Draft) =>
      step((before) =>
        withPending(before, {
          ...draft,
          clientId: freshId(),
          at: new Date().toISOString(),
          state: 'sending',
          failure: null,
        }),
      ),
    retry: (one: Pending) => void attempt(one),
    giveUp: (clientId: string) => step((before) => withoutPending(before, clientId)),
  };
}
