import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from 'urql';
import type { VariablesOf } from '#platform/client';
import { AudienceCountQuery } from './documents';

/** Whom to enrol, as the server takes it. */
export type Audience = VariablesOf<typeof AudienceCountQuery>['audience'];

/** How many people an audience holds, counted by the server as it changes; null while counting. */
export function useAudienceCount(audience: Audience, pause: boolean): number | null {
  const [settled] = useDebouncedValue(audience, 300);
  const [{ data, fetching, stale }] = useQuery({
    query: AudienceCountQuery,
    variables: { audience: settled },
    requestPolicy: 'network-only',
    pause,
  });
  if (settled !== audience || fetching || stale) return null;
  return data?.learnerCount ?? null;
}
