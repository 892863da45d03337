import { graphql, type ResultOf } from '#platform/client';

export const CorrectionsQuery = graphql(`
  query Corrections($state: CorrectionState, $first: Int!, $after: String) {
    corrections(state: $state, first: $first, after: $after) {
      nodes {
        id
        state
        note
        requestedAt
        decidedAt
        decidedBy
        reason
        member {
          id
          fullName
          unit {
            id
            name
          }
        }
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
`);

export type CorrectionFacts = ResultOf<typeof CorrectionsQuery>['corrections']['nodes'][number];

export const ApproveCorrection = graphql(`
  mutation ApproveCorrection($correction: ID!) {
    approveCorrection(correction: $correction) {
      status
    }
  }
`);

export const RejectCorrection = graphql(`
  mutation RejectCorrection($correction: ID!, $reason: String!) {
    rejectCorrection(correction: $correction, reason: $reason) {
      status
    }
  }
`);

export const TransfersQuery = graphql(`
  query Transfers($direction: TransferDirection, $first: Int!, $after: String) {
    memberTransfers(direction: $direction, first: $first, after: $after) {
      nodes {
        id
        direction
        state
        organization
        memberName
        birthDate
        note
        requestedAt
        requestedBy
        decidedAt
        reason
        member {
          id
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export type TransferFacts = ResultOf<typeof TransfersQuery>['memberTransfers']['nodes'][number];

export const AcceptTransfer = graphql(`
  mutation AcceptTransfer($transfer: ID!, $unit: ID!) {
    acceptTransfer(transfer: $transfer, unit: $unit) {
      status
    }
  }
`);

export const RefuseTransfer = graphql(`
  mutation RefuseTransfer($transfer: ID!, $reason: String!) {
    refuseTransfer(transfer: $transfer, reason: $reason) {
      status
    }
  }
`);

export const CancelTransfer = graphql(`
  mutation CancelTransfer($transfer: ID!) {
    cancelTransfer(transfer: $transfer) {
      status
    }
  }
`);
