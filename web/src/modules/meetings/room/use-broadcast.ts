import { useState } from 'react';
import { useClient, useSubscription } from 'urql';
import { readFailure, useFailureText } from '#platform/client';
import { toast } from '#platform/design';
import {
  BroadcastPushes,
  GiveEncoder,
  type SessionBroadcast,
  StartBroadcast,
  StopBroadcast,
  WithdrawEncoder,
} from '../documents';

/** What an encoder needs to publish; the token is told once. */
export type Encoder = { address: string; token: string };

/** The broadcast of a session, followed live, and what those who may can do with it. */
export function useBroadcast(session: string) {
  const client = useClient();
  const failureText = useFailureText();
  const [pushes] = useSubscription({ query: BroadcastPushes, variables: { session } });
  const [changed, setChanged] = useState<SessionBroadcast | null>(null);
  const [busy, setBusy] = useState(false);
  const pushed = pushes.data?.sessionBroadcast ?? null;
  // The answer to one's own act comes before the push of it.
  const [seen, setSeen] = useState(pushed);
  if (seen !== pushed) {
    setSeen(pushed);
    setChanged(null);
  }

  async function act<T>(
    run: () => Promise<{ data?: T; error?: Parameters<typeof readFailure>[0] }>,
  ) {
    setBusy(true);
    const answer = await run();
    setBusy(false);
    if (answer.error) toast.bad(failureText(readFailure(answer.error)));
    return answer.data ?? null;
  }

  return {
    broadcast: changed ?? pushed,
    busy,
    async start() {
      const data = await act(() => client.mutation(StartBroadcast, { session }).toPromise());
      if (data) setChanged(data.startBroadcast);
    },
    async stop() {
      const data = await act(() => client.mutation(StopBroadcast, { session }).toPromise());
      if (data) setChanged(data.stopBroadcast);
    },
    async give(name: string): Promise<Encoder | null> {
      const data = await act(() => client.mutation(GiveEncoder, { session, name }).toPromise());
      if (!data) return null;
      setChanged(data.giveEncoder.broadcast);
      return {
        address: location.origin + data.giveEncoder.endpoint,
        token: data.giveEncoder.token,
      };
    },
    async withdraw() {
      const data = await act(() => client.mutation(WithdrawEncoder, { session }).toPromise());
      if (data) setChanged(data.withdrawEncoder);
    },
  };
}
