import { graphql, type ResultOf } from '#platform/client';

export const MembersQuery = graphql(`
  query Members(
    $first: Int!
    $after: String
    $filter: MemberFilter
    $sort: MemberSort!
    $descending: Boolean!
  ) {
    members(
      first: $first
      after: $after
      filter: $filter
      sort: $sort
      descending: $descending
    ) {
      nodes {
        id
        fullName
        birthDate
        phone
        email
        workplace
        joinedOn
        cardNumber
        state
        consentState
        hasAccount
        unit {
          id
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

/** A row of the register. */
export type MemberRow = ResultOf<typeof MembersQuery>['members']['nodes'][number];

export const MembersTotalQuery = graphql(`
  query MembersTotal($filter: MemberFilter) {
    members(first: 1, filter: $filter) {
      totalCount
      approximate
    }
  }
`);

export const UnitsQuery = graphql(`
  query Units($after: String) {
    units(first: 200, after: $after) {
      nodes {
        id
        name
        kind
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const RegisterNumbersQuery = graphql(`
  query RegisterNumbers {
    memberCount
    tenant {
      id
      unitCount
    }
  }
`);

export const CorrectionCountQuery = graphql(`
  query CorrectionCount {
    correctionCount
  }
`);

export const ExportParts = graphql(`
  fragment ExportParts on MemberExport @_unmask {
    id
    state
    format
    createdAt
    createdBy
    progress {
      done
      total
    }
    file {
      id
      name
      url
    }
  }
`);

export const ExportMembers = graphql(
  `
    mutation ExportMembers($input: ExportMembersInput!) {
      exportMembers(input: $input) {
        ...ExportParts
      }
    }
  `,
  [ExportParts],
);

export const MemberExportUpdates = graphql(
  `
    subscription MemberExportUpdates($id: ID!) {
      memberExport(id: $id) {
        ...ExportParts
      }
    }
  `,
  [ExportParts],
);

export const MemberExportsQuery = graphql(
  `
    query MemberExports {
      memberExports(first: 10) {
        nodes {
          ...ExportParts
        }
      }
    }
  `,
  [ExportParts],
);

export type MemberExportFacts = ResultOf<typeof ExportParts>;

export const InviteMember = graphql(`
  mutation InviteMember($member: ID!) {
    inviteMember(member: $member) {
      status
      member {
        id
        hasAccount
      }
    }
  }
`);
