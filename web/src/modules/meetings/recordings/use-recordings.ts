import { useState } from 'react';
import { type TypedDocumentNode, useClient, useSubscription } from 'urql';
import { type Failure, readFailure, useFailureText } from '#platform/client';
import { toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import {
  ComposeRecording,
  KeepRecording,
  RecordingPath,
  RecordingPushes,
  RemoveRecording,
  type SessionRecordings,
  StartRecording,
  StopRecording,
} from './documents';
import { recordingTexts } from './texts';

/** The recordings of a session with what can be done with them. */
export type Recordings = ReturnType<typeof useRecordings>;

/** The recordings of a session, followed live, and what those who may can do with them. */
export function useRecordings(session: string) {
  const t = useTexts(recordingTexts);
  const client = useClient();
  const failureText = useFailureText();
  const [pushes, follow] = useSubscription({ query: RecordingPushes, variables: { session } });
  const [changed, setChanged] = useState<SessionRecordings | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const pushed = pushes.data?.sessionRecordings ?? null;
  // The answer to one's own act comes before the push of it.
  const [seen, setSeen] = useState(pushed);
  if (seen !== pushed) {
    setSeen(pushed);
    setChanged(null);
  }

  function tell(failure: Failure) {
    toast.bad(failure.reason === 'session_over' ? t.sessionOver : failureText(failure));
  }

  /** Does one thing at a time, to the session or to one recording; what was refused, or null. */
  async function act<Data extends Record<string, SessionRecordings>, Variables extends object>(
    on: string,
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Failure | null> {
    setBusy(on);
    const { data, error } = await client.mutation(document, variables).toPromise();
    setBusy(null);
    if (error) return readFailure(error);
    for (const after of Object.values(data ?? {})) setChanged(after);
    return null;
  }

  /** Whether it was done; what was refused is told. */
  async function done(outcome: Promise<Failure | null>): Promise<boolean> {
    const refused = await outcome;
    if (refused) tell(refused);
    return refused === null;
  }

  return {
    recordings: changed ?? pushed,
    failure: !pushed && pushes.error ? readFailure(pushes.error) : null,
    retry: () => follow(),
    /** The session or the recording with which something is being done. */
    busy,
    tell,
    start: () => done(act(session, StartRecording, { session })),
    stop: () => done(act(session, StopRecording, { session })),
    remove: (recording: string) => done(act(recording, RemoveRecording, { recording })),
    compose: (recording: string) => done(act(recording, ComposeRecording, { recording })),
    /** What was refused, for the field to tell it. */
    keep: (recording: string, until: string) => act(recording, KeepRecording, { recording, until }),
    /** Where the film is fetched, for ten minutes. */
    async path(recording: string): Promise<string | null> {
      const { data, error } = await client
        .query(RecordingPath, { recording }, { requestPolicy: 'network-only' })
        .toPromise();
      if (error) tell(readFailure(error));
      return data?.recordingPath ?? null;
    },
  };
}
