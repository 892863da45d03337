import { useEffect } from 'react';
import { useClient } from 'urql';
import { usePaged } from '#platform/client';
import { useTenancy } from '#platform/session';
import { LearningUnitsQuery } from './documents';

/** All units of the organization, in tree order; pages are joined. */
export function useUnits(): readonly { id: string; name: string }[] {
  const client = useClient();
  const { tenant } = useTenancy();
  const { rows, hasMore, loadMore } = usePaged<{ id: string; name: string }>(
    tenant.slug,
    async (after) => {
      const answer = await client.query(LearningUnitsQuery, { after }).toPromise();
      return { page: answer.data?.units, error: answer.error };
    },
  );
  useEffect(() => {
    if (hasMore) loadMore();
  }, [hasMore, loadMore]);
  return rows;
}
