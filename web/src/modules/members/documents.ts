import { graphql } from '#platform/client';

export const MembersQuery = graphql(`
  query Members($first: Int!, $after: String, $search: String, $unit: ID) {
    members(first: $first, after: $after, search: $search, unit: $unit) {
      nodes {
        id
        fullName
        birthDate
        sex
        phone
        email
        workplace
        position
        joinedOn
        cardNumber
        consent
        electedOffice
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

export const MemberCountQuery = graphql(`
  query MemberCount($unit: ID) {
    memberCount(unit: $unit)
  }
`);
