import { graphql } from '#platform/client';

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
