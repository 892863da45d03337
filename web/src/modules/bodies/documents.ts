import { type FragmentOf, graphql } from '#platform/client';

export const SessionSummary = graphql(`
  fragment SessionSummary on Session @_unmask {
    id
    title
    number
    startsAt
    state
    body {
      id
      name
    }
    viewerCan {
      join
    }
  }
`);

/** A session as lists show it. */
export type SessionRow = FragmentOf<typeof SessionSummary>;

export const BodySummary = graphql(`
  fragment BodySummary on Body @_unmask {
    id
    name
    kind
    electedCount
    requiredPresent
    quorumRule {
      comparison
      numerator
      denominator
    }
    viewerCan {
      manage
      schedule
    }
  }
`);

/** A body as lists show it. */
export type BodyRow = FragmentOf<typeof BodySummary>;

export const BodiesQuery = graphql(
  `
    query Bodies {
      bodies(first: 100) {
        nodes {
          ...BodySummary
          seats {
            id
            isViewer
            office
          }
        }
      }
    }
  `,
  [BodySummary],
);

export const BodyQuery = graphql(
  `
    query Body($id: ID!) {
      node(id: $id) {
        __typename
        ... on Body {
          ...BodySummary
          seats {
            id
            fullName
            organization
            office
            email
            isViewer
          }
          sessions(first: 20) {
            nodes {
              ...SessionSummary
            }
          }
        }
      }
    }
  `,
  [BodySummary, SessionSummary],
);

export const SessionsQuery = graphql(
  `
    query Sessions($state: [SessionState!], $first: Int!, $after: String) {
      sessions(state: $state, first: $first, after: $after) {
        nodes {
          ...SessionSummary
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [SessionSummary],
);

export const CreateBody = graphql(`
  mutation CreateBody($input: CreateBodyInput!) {
    createBody(input: $input) {
      id
    }
  }
`);

export const RegisteredQuery = graphql(`
  query Registered($search: String!) {
    members(first: 8, search: $search) {
      nodes {
        id
        fullName
        email
        unit {
          id
          name
        }
      }
    }
  }
`);

export const AddSeat = graphql(`
  mutation AddSeat($input: AddSeatInput!) {
    addSeat(input: $input) {
      id
    }
  }
`);

export const RemoveSeat = graphql(`
  mutation RemoveSeat($seat: ID!) {
    removeSeat(seat: $seat) {
      id
    }
  }
`);

export const OpenNotice = graphql(`
  mutation OpenNotice($token: String!) {
    openNotice(token: $token) {
      id
    }
  }
`);
