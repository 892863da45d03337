import type { CombinedError } from '@urql/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Failure, readFailure } from './failure';

/** One page of a connection. */
export type PageOf<Node> = {
  nodes: readonly Node[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
};

/** How a page is fetched: the answer of the client, reduced to its connection. */
export type LoadPage<Node> = (
  after: string | null,
) => Promise<{ page?: PageOf<Node>; error?: CombinedError }>;

type State<Node> = {
  key: string | null;
  rows: readonly Node[];
  endCursor: string | null;
  hasMore: boolean;
  failure: Failure | null;
};

/**
 * The rows of a connection, page after page. A new `key` (other search, other filter) starts
 * anew; until its first page is there, the old rows stay and `stale` is true.
 */
export function usePaged<Node>(key: string, load: LoadPage<Node>) {
  const [state, setState] = useState<State<Node>>({
    key: null,
    rows: [],
    endCursor: null,
    hasMore: false,
    failure: null,
  });
  const [attempt, setAttempt] = useState(0);
  const wanted = useRef('');
  const busy = useRef(false);
  const loader = useRef(load);
  loader.current = load;
  const request = `${key}#${attempt}`;

  useEffect(() => {
    wanted.current = request;
    busy.current = true;
    void loader.current(null).then(({ page, error }) => {
      // An answer to a question that is no longer asked must not replace a newer one.
      if (wanted.current !== request) return;
      busy.current = false;
      setState((before) =>
        page
          ? {
              key,
              rows: page.nodes,
              endCursor: page.pageInfo.endCursor,
              hasMore: page.pageInfo.hasNextPage,
              failure: null,
            }
          : { ...before, key, failure: error ? readFailure(error) : null },
      );
    });
  }, [key, request]);

  const loadMore = useCallback(() => {
    if (busy.current || !state.hasMore || state.key !== key) return;
    busy.current = true;
    const asked = wanted.current;
    void loader.current(state.endCursor).then(({ page, error }) => {
      if (wanted.current !== asked) return;
      busy.current = false;
      setState((before) =>
        page
          ? {
              ...before,
              rows: [...before.rows, ...page.nodes],
              endCursor: page.pageInfo.endCursor,
              hasMore: page.pageInfo.hasNextPage,
            }
          : { ...before, hasMore: false, failure: error ? readFailure(error) : null },
      );
    });
  }, [key, state.endCursor, state.hasMore, state.key]);

  return {
    rows: state.rows,
    hasMore: state.hasMore,
    failure: state.failure,
    /** Nothing has arrived yet. */
    loading: state.key === null,
    /** The rows belong to an earlier key. */
    stale: state.key !== key,
    loadMore,
    reload: () => setAttempt((n) => n + 1),
  };
}
