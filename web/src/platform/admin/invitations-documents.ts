import { graphql, type ResultOf } from '#platform/client';

const InvitationParts = graphql(`
  fragment InvitationParts on Invitation @_unmask {
    id
    email
    name
    title {
      ru
      en
    }
    unitName
    until
    reason
    invitedBy
    letters
    sentAt
    expiresAt
    state
    canBeSent
    endedAt
    endedBy
    account
    refusal
    refusedAt
  }
`);

export const InvitationsQuery = graphql(
  `
  query Invitations($search: String, $state: InvitationState, $after: String) {
    invitations(search: $search, state: $state, first: 50, after: $after) {
      nodes {
        ...InvitationParts
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`,
  [InvitationParts],
);

export const Invite = graphql(`
  mutation Invite($input: InviteInput!) {
    invite(input: $input) {
      status
      exceeding
    }
  }
`);

export const ResendInvitation = graphql(`
  mutation ResendInvitation($invitation: ID!) {
    resendInvitation(invitation: $invitation) {
      status
      exceeding
    }
  }
`);

export const RevokeInvitation = graphql(`
  mutation RevokeInvitation($invitation: ID!, $reason: String) {
    revokeInvitation(invitation: $invitation, reason: $reason) {
      status
      exceeding
    }
  }
`);

/** An invitation, as the list shows it. */
export type InvitationFacts = ResultOf<typeof InvitationsQuery>['invitations']['nodes'][number];
/** What became of an invitation. */
export type InvitationState = InvitationFacts['state'];
/** How an act on an invitation ended. */
export type InvitationAnswer = ResultOf<typeof Invite>['invite'];
