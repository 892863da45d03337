import { useEffect } from 'react';
import { useClient } from 'urql';
import { usePaged } from '#platform/client';
import { useTenancy } from '#platform/session';
import { AccessUnitsQuery, type UnitFacts } from './documents';

/** All units of the organization by name; pages are joined. */
export function useUnits(): readonly UnitFacts[] {
  const client = useClient();
  const { tenant } = useTenancy();
  const { rows, hasMore, loadMore } = usePaged<UnitFacts>(tenant.slug, async (after) => {
    const answer = await client.query(AccessUnitsQuery, { after }).toPromise();
    return { page: answer.data?.units, error: answer.error };
  });
  useEffect(() => {
    if (hasMore) loadMore();
  }, [hasMore, loadMore]);
  return rows;
}
