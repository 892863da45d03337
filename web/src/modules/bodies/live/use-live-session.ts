import { useEffect } from 'react';
import { useQuery, useSubscription } from 'urql';
import { type Failure, readFailure } from '#platform/client';
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
  const [pushes] = useSubscription({ query: SessionPushes, variables: { id } });
  const pushed = pushes.data?.session.id === id ? pushes.data.session : null;
  const live = pushed !== null;

  useEffect(() => {
    if (live) return;
    const timer = setInterval(() => refetch({ requestPolicy: 'network-only' }), POLL_MS);
    return () => clearInterval(timer);
  }, [live, refetch]);

  const node = query.data?.node;
  const asked = node?.__typename === 'Session' && node.id === id ? node : null;
  return {
    session: pushed ?? asked,
    failure: !pushed && !asked && query.error ? readFailure(query.error) : null,
    loading: query.fetching,
    retry: () => refetch({ requestPolicy: 'network-only' }),
  };
}
