import type { Client } from 'urql';
import { type Failure, readFailure } from '#platform/client';
import type { Pass } from '#platform/media/room-client';
import { JoinSession } from '../documents';

/** What opens the room: a token for two minutes, the media server's address, and the relay to it if there is one. */
export type Admission = Pass & { url: string };

/** Let in, or why not. */
export type AdmissionOutcome =
  | { admission: Admission }
  | { refused: 'closed' }
  | { refused: 'failure'; failure: Failure };

/** Asks to be let into the room of a session. */
export async function askAdmission(client: Client, session: string): Promise<AdmissionOutcome> {
  const answer = await client.mutation(JoinSession, { session }).toPromise();
  if (answer.error) return { refused: 'failure', failure: readFailure(answer.error) };
  const payload = answer.data?.joinSession;
  if (payload?.status !== 'OK' || !payload.token || !payload.sfuPath) {
    return { refused: 'closed' };
  }
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const url = `${scheme}://${location.host}${payload.sfuPath}`;
  return { admission: { token: payload.token, relay: payload.relay, url } };
}
