import { useEffect } from 'react';
import { useClient } from 'urql';
import { type ResultOf, usePaged } from '#platform/client';
import { useTenancy } from '#platform/session';
import { UnitsQuery } from '../documents';

/** A unit as the filter shows it. */
export type UnitOption = ResultOf<typeof UnitsQuery>['units']['nodes'][number];

/** All units of the organization, in tree order; pages are joined. */
export function useUnits(): readonly UnitOption[] {
  const client = useClient();
  const { tenant } = useTenancy();
  const { rows, hasMore, loadMore } = usePaged<UnitOption>(tenant.slug, async (after) => {
    const answer = await client.query(UnitsQuery, { after }).toPromise();
    return { page: answer.data?.units, error: answer.error };
  });
  useEffect(() => {
    if (hasMore) loadMore();
  }, [hasMore, loadMore]);
  return rows;
}
