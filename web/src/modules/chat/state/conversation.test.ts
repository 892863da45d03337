import { describe, expect, it } from 'vitest';
import type { Message, MessagePage } from '../documents';
import {
  type Conversation,
  nothing,
  opened,
  type Pending,
  WINDOW,
  withChanges,
  withEarlier,
  withLater,
  withPending,
} from './conversation';

function message(seq: number, change = seq, more: Partial<Message> = {}): Message {
  return {
    id: `Message_${seq}`,
    clientId: `client-${seq}`,
    channel: 'Channel_1',
    seq,
    change,
    kind: 'TEXT',
    isMine: false,
    text: `${seq}`,
    at: '2026-11-23T09:00:00Z',
    editedAt: null,
    deleted: false,
    session: null,
    startsAt: null,
    author: { id: 'Account_1', name: 'Анна' },
    replyTo: null,
    files: [],
    mentions: [],
    reactions: [],
    ...more,
  };
}

function range(from: number, to: number): Message[] {
  return Array.from({ length: to - from + 1 }, (_, index) => message(from + index));
}

function page(from: number, to: number, total: number): MessagePage {
  return { messages: range(from, to), hasEarlier: from > 1, hasLater: to < total, change: total };
}

const order = (state: Conversation) => state.messages.map((one) => one.seq);

const pending: Pending = {
  clientId: 'mine',
  text: 'Да',
  at: '2026-11-23T09:00:00Z',
  replyTo: null,
  files: [],
  mentions: [],
  state: 'sending',
  failure: null,
};

describe('a conversation', () => {
  it('holds the same in the same order, whether changes came one by one, at once, or twice', () => {
    const start = opened(nothing, page(1, 3, 3));
    const news = range(4, 200);
    const steady = news.reduce(
      (state, one) => withChanges(state, { change: one.change, messages: [one] }),
      start,
    );
    const absent = withChanges(withChanges(start, { change: 100, messages: news.slice(0, 97) }), {
      change: 200,
      messages: news,
    });
    expect(order(absent)).toEqual(order(steady));
    expect(order(steady)).toEqual(range(1, 200).map((one) => one.seq));
    expect(absent.change).toBe(200);
  });

  it('puts an edited new message in its place, though it is told of last', () => {
    const start = opened(nothing, page(1, 3, 3));
    const changes = { change: 6, messages: [message(5), message(4, 6, { text: 'иначе' })] };
    const state = withChanges(start, changes);
    expect(order(state)).toEqual([1, 2, 3, 4, 5]);
    expect(state.messages[3]?.text).toBe('иначе');
  });

  it('never replaces a newer state by an older one', () => {
    const start = opened(nothing, page(1, 3, 3));
    const edited = withChanges(start, { change: 9, messages: [message(2, 9, { text: 'новое' })] });
    const again = withChanges(edited, { change: 5, messages: [message(2, 5, { text: 'старое' })] });
    expect(again.messages[1]?.text).toBe('новое');
    expect(again.change).toBe(9);
  });

  it('takes no news beyond a gap: they come when the reader scrolls there', () => {
    const state = opened(nothing, page(10, 20, 100));
    const news = withChanges(state, { change: 101, messages: [message(101)] });
    expect(order(news)).toEqual(order(state));
    const old = withChanges(state, { change: 102, messages: [message(2, 102)] });
    expect(order(old)).toEqual(order(state));
    const later = withLater(news, page(21, 101, 101));
    expect(order(later)).toEqual(range(10, 101).map((one) => one.seq));
    expect(later.hasLater).toBe(false);
  });

  it('lets the far end go when it grows too long', () => {
    let state = opened(nothing, page(951, 1000, 1000));
    for (let from = 901; from > 500; from -= 50)
      state = withEarlier(state, page(from, from + 49, 1000));
    expect(state.messages).toHaveLength(WINDOW);
    expect(state.hasLater).toBe(true);
    expect(order(state)[0]).toBe(501);
    state = withLater(state, page(801, 850, 1000));
    expect(state.messages).toHaveLength(WINDOW);
    expect(order(state)[0]).toBe(551);
    expect(state.hasEarlier).toBe(true);
  });

  it('confirms what was on its way by whichever comes first, the answer or the push', () => {
    const waiting = withPending(opened(nothing, page(1, 3, 3)), pending);
    const pushed = { change: 4, messages: [message(4, 4, { clientId: 'mine', isMine: true })] };
    const state = withChanges(withChanges(waiting, pushed), pushed);
    expect(state.pending).toEqual([]);
    expect(order(state)).toEqual([1, 2, 3, 4]);
    // Somebody else's id is somebody else's.
    const other = { change: 4, messages: [message(4, 4, { clientId: 'mine', isMine: false })] };
    expect(withChanges(waiting, other).pending).toHaveLength(1);
  });
});
