import { type FragmentOf, graphql } from '#platform/client';

export const LiveSessionFragment = graphql(`
  fragment LiveSession on Session @_unmask {
    id
    title
    number
    startsAt
    state
    openedAt
    closedAt
    cancelReason
    interruptions {
      beganAt
      endedAt
    }
    noticesSent
    minutesState
    minutes {
      id
      name
      sizeBytes
      url
    }
    body {
      id
      name
    }
    viewerSeat {
      id
    }
    viewerCan {
      join
      preside
      vote
      schedule
    }
    quorum {
      elected
      present
      required
      reached
      rule {
        comparison
        numerator
        denominator
      }
    }
    attendance {
      present
      firstJoinedAt
      noticeSentAt
      noticeOpenedAt
      seat {
        id
        fullName
        organization
        office
        isViewer
      }
    }
    currentItem {
      id
    }
    openVote {
      id
      motion
      presentAtOpening
      castCount
      viewerChoice
      item {
        id
      }
    }
    agenda {
      id
      position
      title
      speaker
      draftDecision
      decision
      state
      materials {
        id
        name
        sizeBytes
        url
      }
      votes {
        id
        motion
        state
        closedAt
        presentAtOpening
        result {
          for
          against
          abstained
          notVoted
          required
          adopted
          ballots {
            choice
            seat {
              id
              fullName
              organization
            }
          }
        }
      }
    }
  }
`);

/** A session with everything that may change while it runs. */
export type LiveSession = FragmentOf<typeof LiveSessionFragment>;
/** An item of its agenda. */
export type LiveItem = LiveSession['agenda'][number];
/** A vote held on an item. */
export type ItemVote = LiveItem['votes'][number];
/** How one may vote. */
export type Choice = NonNullable<NonNullable<LiveSession['openVote']>['viewerChoice']>;

export const SessionQuery = graphql(
  `
    query Session($id: ID!) {
      node(id: $id) {
        __typename
        ...LiveSession
      }
    }
  `,
  [LiveSessionFragment],
);

export const SessionPushes = graphql(
  `
    subscription SessionPushes($id: ID!) {
      session(id: $id) {
        ...LiveSession
      }
    }
  `,
  [LiveSessionFragment],
);

export const CancelSession = graphql(`
  mutation CancelSession($session: ID!, $reason: String!) {
    cancelSession(session: $session, reason: $reason) {
      status
      session {
        id
        state
      }
    }
  }
`);

export const OpenSession = graphql(`
  mutation OpenSession($session: ID!) {
    openSession(session: $session) {
      status
      session {
        id
        state
      }
    }
  }
`);

export const TakeAgendaItem = graphql(`
  mutation TakeAgendaItem($item: ID!) {
    takeAgendaItem(item: $item) {
      status
      session {
        id
      }
    }
  }
`);

export const OpenVote = graphql(`
  mutation OpenVote($input: OpenVoteInput!) {
    openVote(input: $input) {
      status
      session {
        id
      }
    }
  }
`);

export const CastBallot = graphql(`
  mutation CastBallot($vote: ID!, $choice: Choice!) {
    castBallot(vote: $vote, choice: $choice) {
      status
      vote {
        id
        viewerChoice
      }
    }
  }
`);

export const CloseVote = graphql(`
  mutation CloseVote($vote: ID!) {
    closeVote(vote: $vote) {
      status
      session {
        id
      }
    }
  }
`);

export const RecordDecision = graphql(`
  mutation RecordDecision($item: ID!, $decision: String!) {
    recordDecision(item: $item, decision: $decision) {
      status
      session {
        id
      }
    }
  }
`);

export const CloseSession = graphql(`
  mutation CloseSession($session: ID!) {
    closeSession(session: $session) {
      status
      session {
        id
        state
      }
    }
  }
`);
