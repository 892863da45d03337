import { graphql, type ResultOf } from '#platform/client';

const BroadcastParts = graphql(`
  fragment BroadcastParts on SessionBroadcast @_unmask {
    session
    isOn
    path
    hasEncoder
    canManage
  }
`);

/** Whether a session is broadcast, pushed. */
export type SessionBroadcast = ResultOf<typeof BroadcastParts>;

export const BroadcastPushes = graphql(
  `
  subscription BroadcastPushes($session: ID!) {
    sessionBroadcast(session: $session) {
      ...BroadcastParts
    }
  }
`,
  [BroadcastParts],
);

export const StartBroadcast = graphql(
  `
  mutation StartBroadcast($session: ID!) {
    startBroadcast(session: $session) {
      ...BroadcastParts
    }
  }
`,
  [BroadcastParts],
);

export const StopBroadcast = graphql(
  `
  mutation StopBroadcast($session: ID!) {
    stopBroadcast(session: $session) {
      ...BroadcastParts
    }
  }
`,
  [BroadcastParts],
);

export const GiveEncoder = graphql(
  `
  mutation GiveEncoder($session: ID!, $name: String!) {
    giveEncoder(session: $session, name: $name) {
      endpoint
      token
      expiresAt
      broadcast {
        ...BroadcastParts
      }
    }
  }
`,
  [BroadcastParts],
);

export const WithdrawEncoder = graphql(
  `
  mutation WithdrawEncoder($session: ID!) {
    withdrawEncoder(session: $session) {
      ...BroadcastParts
    }
  }
`,
  [BroadcastParts],
);

export const BroadcastQuery = graphql(`
  query BroadcastOffer($organization: String!, $key: String!) {
    broadcast(organization: $organization, key: $key) {
      title
      body
      organization
      startsAt
      state
      endpoint
      token
    }
  }
`);

export const JoinSession = graphql(`
  mutation JoinSession($session: ID!) {
    joinSession(session: $session) {
      status
      token
      sfuPath
      relay {
        urls
        username
        credential
        expiresAt
      }
    }
  }
`);
