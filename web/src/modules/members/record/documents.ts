import { graphql, type ResultOf } from '#platform/client';

export const RecordParts = graphql(`
  fragment RecordParts on Member @_unmask {
    id
    fullName
    surname
    givenName
    patronymic
    birthDate
    sex
    phone
    email
    workplace
    position
    joinedOn
    cardNumber
    cardIssuedOn
    state
    leftOn
    leftTo
    revision
    consentState
    hasAccount
    unit {
      id
      name
    }
    viewerCan {
      edit
      move
      transfer
      invite
    }
    offices {
      kind
      since
      until
      bodyId
      unit {
        id
        name
      }
    }
    consents {
      act
      textVersion
      on
      source
      recordedAt
      recordedBy
    }
  }
`);

export type RecordFacts = ResultOf<typeof RecordParts>;

export const RecordQuery = graphql(
  `
    query Record($id: ID!) {
      node(id: $id) {
        __typename
        ... on Member {
          ...RecordParts
        }
      }
    }
  `,
  [RecordParts],
);

export const HistoryQuery = graphql(`
  query MemberHistory($id: ID!, $after: String, $kinds: [MemberHistoryKind!]) {
    node(id: $id) {
      __typename
      ... on Member {
        id
        history(first: 30, after: $after, kinds: $kinds) {
          nodes {
            at
            kind
            actorName
            organization
            subject
            subjectLabel
            office
            consent
            from
            to
            number
            reason
            changes {
              field
              old
              new
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`);

type Node = NonNullable<ResultOf<typeof HistoryQuery>['node']>;
export type HistoryEntry = Extract<Node, { __typename: 'Member' }>['history']['nodes'][number];

export const UpdateMember = graphql(
  `
    mutation UpdateMember($input: UpdateMemberInput!) {
      updateMember(input: $input) {
        status
        member {
          ...RecordParts
        }
      }
    }
  `,
  [RecordParts],
);

export const AddMember = graphql(`
  mutation AddMember($input: MemberInput!) {
    addMember(input: $input) {
      status
      member {
        id
      }
    }
  }
`);

export const MoveMember = graphql(
  `
    mutation MoveMember($member: ID!, $unit: ID!) {
      moveMember(member: $member, unit: $unit) {
        status
        member {
          ...RecordParts
        }
      }
    }
  `,
  [RecordParts],
);

export const RecordConsent = graphql(
  `
    mutation RecordConsent($input: RecordConsentInput!) {
      recordConsent(input: $input) {
        status
        member {
          ...RecordParts
        }
      }
    }
  `,
  [RecordParts],
);

export const ReissueCard = graphql(
  `
    mutation ReissueCard($member: ID!) {
      reissueCard(member: $member) {
        ...RecordParts
      }
    }
  `,
  [RecordParts],
);

export const RequestTransfer = graphql(`
  mutation RequestTransfer($member: ID!, $tenant: ID!, $note: String) {
    requestTransfer(member: $member, tenant: $tenant, note: $note) {
      status
      transfer {
        id
      }
    }
  }
`);

export const OrganizationsQuery = graphql(`
  query Organizations {
    organizations {
      id
      name
      shortName
    }
  }
`);
