import { useEffect, useState } from 'react';
import { useQuery, useSubscription } from 'urql';
import { type Failure, isPassing, readFailure } from '#platform/client';
import { type LiveSession, SessionPushes, SessionQuery } from './documents';

const POLL_MS = 5_000;

/**
 * A session followed live. Pushes carry the whole state, so the newest push is the truth; until
 * one has come (or where a proxy lets no socket through) a query serves, repeated now and then.
 */
export function useLiveSession(id: string): {
  session: LiveSession | null;
  failure: Failure | null;
  loading: boolean;
  retry: () => void;
} {
  const [query, refetch] = useQuery({ query: SessionQuery, variables: { id } });
  const [pushes, subscribe] = useSubscription({ query: SessionPushes, variables: { id } });
  const pushed = pushes.data?.session.id === id ? pushes.data.session : null;
  const live = pushed !== null;
  const failed = pushes.error !== undefined;

  useEffect(() => {
    if (live) return;
    const timer = setInterval(() => {
      refetch({ requestPolicy: 'network-only' });
      // One that has failed does not begin again by itself.
      if (failed) subscribe();
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [live, failed, refetch, subscribe]);

  const node = query.data?.node;
  const asked = node?.__typename === 'Session' && node.id === id ? node : null;
  // Whichever came last, a push or an answer: either may be taken back by a failure of its own.
  const [last, setLast] = useState<LiveSession | null>(null);
  useEffect(() => {
    if (asked) setLast(asked);
  }, [asked]);
  useEffect(() => {
    if (pushed) setLast(pushed);
  }, [pushed]);
  const known = pushed ?? (last?.id === id ? last : asked);
  const failure = !pushed && !asked && query.error ? readFailure(query.error) : null;
  const isGone = failure ? !isPassing(failure) : Boolean(query.data) && !asked;
  // A server that is away for a moment takes no page away, least of all one with a room in it.
  const session = pushed || !isGone ? known : null;
  return {
    session,
    failure: session ? null : failure,
    loading: query.fetching,
    retry: () => refetch({ requestPolicy: 'network-only' }),
  };
}
