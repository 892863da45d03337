import { graphql, type ResultOf } from '#platform/client';

const GrantParts = graphql(`
  fragment GrantParts on RoleGrant @_unmask {
    id
    role
    title {
      ru
      en
    }
    unit
    unitName
    office
    source
    from
    until
    holds
    givenBy
    givenAt
    reason
  }
`);

export const PeopleQuery = graphql(
  `
  query PeopleWithAccess($search: String, $role: ID, $suspended: Boolean, $after: String) {
    peopleWithAccess(
      search: $search
      role: $role
      suspended: $suspended
      first: 50
      after: $after
    ) {
      nodes {
        account
        name
        since
        suspendedAt
        grants {
          ...GrantParts
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`,
  [GrantParts],
);

export const PersonQuery = graphql(
  `
  query PersonAccess($account: ID!) {
    personAccess(account: $account) {
      account
      name
      since
      suspendedAt
      suspendedBy
      suspendedReason
      grants {
        ...GrantParts
      }
      permissions {
        permission
        because {
          id
          title {
            ru
            en
          }
          unitName
          office
        }
      }
    }
    permissions {
      name
      title {
        ru
        en
      }
      meaning {
        ru
        en
      }
    }
  }
`,
  [GrantParts],
);

export const RolesQuery = graphql(`
  query Roles {
    roles {
      id
      title {
        ru
        en
      }
      meaning {
        ru
        en
      }
      ready
      byOffice
      permissions
      holders
    }
    permissions {
      name
      title {
        ru
        en
      }
      meaning {
        ru
        en
      }
    }
  }
`);

export const WhoCanQuery = graphql(
  `
  query WhoCan($permission: String!, $unit: ID!) {
    whoCan(permission: $permission, unit: $unit) {
      account
      name
      because {
        ...GrantParts
      }
    }
  }
`,
  [GrantParts],
);

export const AccessUnitsQuery = graphql(`
  query AccessUnits($after: String) {
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

export const GiveRole = graphql(`
  mutation GiveRole($input: GiveRoleInput!) {
    giveRole(input: $input) {
      status
      id
      exceeding
    }
  }
`);

export const TakeRole = graphql(`
  mutation TakeRole($grant: ID!, $reason: String) {
    takeRole(grant: $grant, reason: $reason) {
      status
      id
      exceeding
    }
  }
`);

export const SuspendAccess = graphql(`
  mutation SuspendAccess($account: ID!, $reason: String) {
    suspendAccess(account: $account, reason: $reason) {
      status
      id
      exceeding
    }
  }
`);

export const ResumeAccess = graphql(`
  mutation ResumeAccess($account: ID!) {
    resumeAccess(account: $account) {
      status
      id
      exceeding
    }
  }
`);

export const CreateRole = graphql(`
  mutation CreateRole($input: RoleInput!) {
    createRole(input: $input) {
      status
      id
      exceeding
    }
  }
`);

export const ChangeRole = graphql(`
  mutation ChangeRole($role: ID!, $input: RoleInput!) {
    changeRole(role: $role, input: $input) {
      status
      id
      exceeding
    }
  }
`);

export const RemoveRole = graphql(`
  mutation RemoveRole($role: ID!) {
    removeRole(role: $role) {
      status
      id
      exceeding
    }
  }
`);

/** A role that somebody holds. */
export type GrantFacts = ResultOf<typeof GrantParts>;
/** Somebody who was let into the organization, as the list shows them. */
export type PersonFacts = ResultOf<typeof PeopleQuery>['peopleWithAccess']['nodes'][number];
/** A role. */
export type RoleFacts = ResultOf<typeof RolesQuery>['roles'][number];
/** A permission of which roles are built. */
export type PermissionFacts = ResultOf<typeof RolesQuery>['permissions'][number];
/** Somebody who can do what was asked. */
export type HolderFacts = ResultOf<typeof WhoCanQuery>['whoCan'][number];
/** A unit to choose. */
export type UnitFacts = ResultOf<typeof AccessUnitsQuery>['units']['nodes'][number];
/** How an act on roles or access ended. */
export type AccessAnswer = ResultOf<typeof TakeRole>['takeRole'];
