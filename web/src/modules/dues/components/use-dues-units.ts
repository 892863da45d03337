import { useEffect } from 'react';
import { useClient } from 'urql';
import { type ResultOf, usePaged } from '#platform/client';
import { useTenancy } from '#platform/session';
import { DuesUnitsQuery } from '../documents';

type UnitOption = ResultOf<typeof DuesUnitsQuery>['units']['nodes'][number];

/** All units of the organization by name; pages are joined. */
export function useDuesUnits(): readonly UnitOption[] {
  const client = useClient();
  const { tenant } = useTenancy();
  const { rows, hasMore, loadMore } = usePaged<UnitOption>(tenant.slug, async (after) => {
    const answer = await client.query(DuesUnitsQuery, { after }).toPromise();
    return { page: answer.data?.units, error: answer.error };
  });
  useEffect(() => {
    if (hasMore) loadMore();
  }, [hasMore, loadMore]);
  return rows;
}
