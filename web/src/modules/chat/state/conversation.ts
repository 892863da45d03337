import type { Failure } from '#platform/client';
import type { Message, MessagePage } from '../documents';

/** So many messages exist in the page; what is further away is fetched again when it is scrolled to. */
export const WINDOW = 300;

/** A file that goes along with a message that is on its way. */
export type SentFile = { id: string; name: string; sizeBytes: number };

/** What the reader said and the server has not confirmed yet. */
export type Pending = {
  clientId: string;
  text: string;
  at: string;
  replyTo: { id: string; author: string; text: string } | null;
  files: SentFile[];
  mentions: string[];
  /** `waiting`: it will be tried again by itself; `refused`: the reader decides. */
  state: 'sending' | 'waiting' | 'refused';
  failure: Failure | null;
};

/** The part of a conversation that the page holds: a stretch without a gap, in the order of all. */
export type Conversation = {
  messages: readonly Message[];
  hasEarlier: boolean;
  hasLater: boolean;
  /** Everything up to this change is known. */
  change: number;
  pending: readonly Pending[];
};

/** Before anything has been said or fetched. */
export const nothing: Conversation = {
  messages: [],
  hasEarlier: false,
  hasLater: false,
  change: 0,
  pending: [],
};

/** A new stretch, in place of the one before: opening a channel, or jumping elsewhere in it. */
export function opened(before: Conversation, page: MessagePage): Conversation {
  return {
    messages: page.messages,
    hasEarlier: page.hasEarlier,
    hasLater: page.hasLater,
    // Never back: changes that are known already are part of what was fetched.
    change: Math.max(before.change, page.change),
    pending: unconfirmed(before.pending, page.messages),
  };
}

/** What was said before the stretch; its far end is let go when it grows too long. */
export function withEarlier(before: Conversation, page: MessagePage): Conversation {
  const first = before.messages[0]?.seq ?? Number.POSITIVE_INFINITY;
  const earlier = page.messages.filter((message) => message.seq < first);
  const all = [...earlier, ...before.messages];
  const messages = all.slice(0, WINDOW);
  return {
    ...before,
    messages,
    hasEarlier: page.hasEarlier,
    hasLater: before.hasLater || messages.length < all.length,
  };
}

/** What was said after the stretch. */
export function withLater(before: Conversation, page: MessagePage): Conversation {
  const last = before.messages.at(-1)?.seq ?? 0;
  const later = page.messages.filter((message) => message.seq > last);
  const all = [...before.messages, ...later];
  const messages = all.slice(-WINDOW);
  return {
    ...before,
    messages,
    hasLater: page.hasLater,
    hasEarlier: before.hasEarlier || messages.length < all.length,
    pending: unconfirmed(before.pending, page.messages),
  };
}

/**
 * What changed: messages of the stretch become as they are now, new ones join its end. The same
 * changes may come again, and an older state never replaces a newer one.
 */
export function withChanges(
  before: Conversation,
  changes: { change: number; messages: readonly Message[] },
): Conversation {
  const known = new Map(before.messages.map((message) => [message.seq, message]));
  const first = before.messages[0]?.seq ?? 1;
  const last = before.messages.at(-1)?.seq ?? 0;
  for (const message of changes.messages) {
    const there = known.get(message.seq);
    if (there ? there.change <= message.change : belongs(before, message.seq, first, last)) {
      known.set(message.seq, message);
    }
  }
  const all = [...known.values()].sort((one, other) => one.seq - other.seq);
  // News never pushes away what the reader may be looking at, unless it is a flood.
  const messages = all.slice(-3 * WINDOW);
  return {
    ...before,
    messages,
    hasEarlier: before.hasEarlier || messages.length < all.length,
    change: Math.max(before.change, changes.change),
    pending: unconfirmed(before.pending, changes.messages),
  };
}

/** Inside of the stretch, or right behind it when it reaches the end. */
function belongs(before: Conversation, seq: number, first: number, last: number): boolean {
  if (seq > last) return !before.hasLater;
  return seq > first || !before.hasEarlier;
}

function unconfirmed(
  pending: readonly Pending[],
  confirmed: readonly Message[],
): readonly Pending[] {
  if (pending.length === 0) return pending;
  const ids = new Set(
    confirmed.filter((message) => message.isMine).map((message) => message.clientId),
  );
  return pending.filter((one) => !ids.has(one.clientId));
}

/** The reader said something. */
export function withPending(before: Conversation, one: Pending): Conversation {
  return { ...before, pending: [...before.pending, one] };
}

/** A message on its way is now in another state. */
export function withState(
  before: Conversation,
  clientId: string,
  state: Pending['state'],
  failure: Failure | null,
): Conversation {
  const pending = before.pending.map((one) =>
    one.clientId === clientId ? { ...one, state, failure } : one,
  );
  return { ...before, pending };
}

/** The reader gave a message up. */
export function withoutPending(before: Conversation, clientId: string): Conversation {
  return { ...before, pending: before.pending.filter((one) => one.clientId !== clientId) };
}

/** Whether a failed message is worth trying again without asking. */
export function passes(failure: Failure): boolean {
  return ['NETWORK', 'UNAVAILABLE', 'RATE_LIMITED', 'INTERNAL'].includes(failure.code);
}
