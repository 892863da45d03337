import { useEffect, useMemo, useReducer } from 'react';
import { useQuery, useSubscription } from 'urql';
import { readFailure } from '#platform/client';
import { type Channel, ChannelListPushes, ChannelsQuery } from '../documents';

type Known = ReadonlyMap<string, Channel>;
type News = { changed: readonly Channel[]; gone: readonly string[] };

/** The reader's channels, those with the latest words first, followed live. */
export function useChannels() {
  const [{ data, error, fetching }, refetch] = useQuery({
    query: ChannelsQuery,
    variables: { after: null },
  });
  const [pushes] = useSubscription({ query: ChannelListPushes });
  const [known, learn] = useReducer((before: Known, { changed, gone }: News) => {
    const after = new Map(before);
    for (const channel of changed) {
      const there = after.get(channel.id);
      // The list that was asked for may arrive after a newer push.
      if (there && there.lastSeq > channel.lastSeq) continue;
      after.set(channel.id, channel);
    }
    for (const id of gone) after.delete(id);
    return after;
  }, new Map());

  useEffect(() => {
    if (data) learn({ changed: data.channels.nodes, gone: [] });
  }, [data]);
  const news = pushes.data?.channelList;
  useEffect(() => {
    if (news) learn(news);
  }, [news]);

  const channels = useMemo(
    () =>
      [...known.values()]
        // A talk of two appears in the list with its first message.
        .filter((channel) => channel.kind !== 'DIRECT' || channel.lastSeq > 0)
        .sort((one, other) => other.lastAt.localeCompare(one.lastAt)),
    [known],
  );
  return {
    channels,
    loading: fetching && known.size === 0,
    failure: error && known.size === 0 ? readFailure(error) : null,
    retry: () => refetch({ requestPolicy: 'network-only' }),
  };
}
