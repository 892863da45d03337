import { useEffect, useState } from 'react';

/**
 * A list in the order of the server, or in the order just chosen until the server has answered:
 * moving by keys must not wait for the network.
 */
export function useOrder<Entry extends { id: string }>(
  list: readonly Entry[],
): [readonly Entry[], (next: readonly Entry[]) => void] {
  const [order, setOrder] = useState<readonly string[] | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new list of the server is the truth.
  useEffect(() => setOrder(null), [list]);

  const known = new Map(list.map((entry) => [entry.id, entry]));
  const sorted = order?.flatMap((id) => known.get(id) ?? []) ?? list;
  return [
    sorted.length === list.length ? sorted : list,
    (next) => setOrder(next.map((entry) => entry.id)),
  ];
}
