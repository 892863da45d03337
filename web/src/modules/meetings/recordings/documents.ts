import { graphql, type ResultOf } from '#platform/client';

const RecordingsParts = graphql(`
  fragment RecordingsParts on SessionRecordings @_unmask {
    session
    recordingSince
    canManage
    recordings {
      id
      startedAt
      stoppedAt
      state
      progress
      durationSeconds
      sizeBytes
      chapters {
        title
        atSeconds
      }
      keptUntil
    }
  }
`);

/** What was and is recorded of a session, pushed. */
export type SessionRecordings = ResultOf<typeof RecordingsParts>;
/** One recording. */
export type Recording = SessionRecordings['recordings'][number];
/** An item of the agenda within a recording. */
export type Chapter = Recording['chapters'][number];

export const RecordingPushes = graphql(
  `
  subscription RecordingPushes($session: ID!) {
    sessionRecordings(session: $session) {
      ...RecordingsParts
    }
  }
`,
  [RecordingsParts],
);

export const StartRecording = graphql(
  `
  mutation StartRecording($session: ID!) {
    startRecording(session: $session) {
      ...RecordingsParts
    }
  }
`,
  [RecordingsParts],
);

export const StopRecording = graphql(
  `
  mutation StopRecording($session: ID!) {
    stopRecording(session: $session) {
      ...RecordingsParts
    }
  }
`,
  [RecordingsParts],
);

export const RemoveRecording = graphql(
  `
  mutation RemoveRecording($recording: ID!) {
    removeRecording(recording: $recording) {
      ...RecordingsParts
    }
  }
`,
  [RecordingsParts],
);

export const KeepRecording = graphql(
  `
  mutation KeepRecording($recording: ID!, $until: NaiveDate!) {
    keepRecording(recording: $recording, until: $until) {
      ...RecordingsParts
    }
  }
`,
  [RecordingsParts],
);

export const ComposeRecording = graphql(
  `
  mutation ComposeRecording($recording: ID!) {
    composeRecording(recording: $recording) {
      ...RecordingsParts
    }
  }
`,
  [RecordingsParts],
);

export const RecordingPath = graphql(`
  query RecordingPath($recording: ID!) {
    recordingPath(recording: $recording)
  }
`);
