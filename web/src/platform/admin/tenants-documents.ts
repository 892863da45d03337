import { graphql, type ResultOf } from '#platform/client';

const TenantParts = graphql(`
  fragment TenantParts on OverseenTenant @_unmask {
    id
    slug
    name
    shortName
    parent
    createdAt
    suspendedAt
    suspendedReason
    deletion {
      askedAt
      askedBy
      reason
      dueAt
      begunAt
    }
    limits {
      storageBytes
      lettersDaily
      participants
    }
    usage {
      members
      accounts
      storageBytes
      lettersToday
      participants
    }
    firstInvitation {
      email
      name
      state
      expiresAt
    }
  }
`);

export const TenantsQuery = graphql(
  `
  query OverseenTenants {
    overseenTenants {
      ...TenantParts
    }
  }
`,
  [TenantParts],
);

export const CreateTenant = graphql(
  `
  mutation CreateTenant($input: CreateTenantInput!) {
    createTenant(input: $input) {
      status
      tenant {
        ...TenantParts
      }
    }
  }
`,
  [TenantParts],
);

export const SuspendTenant = graphql(
  `
  mutation SuspendTenant($tenant: ID!, $reason: String) {
    suspendTenant(tenant: $tenant, reason: $reason) {
      status
      tenant {
        ...TenantParts
      }
    }
  }
`,
  [TenantParts],
);

export const ResumeTenant = graphql(
  `
  mutation ResumeTenant($tenant: ID!) {
    resumeTenant(tenant: $tenant) {
      status
      tenant {
        ...TenantParts
      }
    }
  }
`,
  [TenantParts],
);

export const ResendFirstInvitation = graphql(
  `
  mutation ResendFirstInvitation($tenant: ID!) {
    resendFirstInvitation(tenant: $tenant) {
      status
      tenant {
        ...TenantParts
      }
    }
  }
`,
  [TenantParts],
);

export const LimitTenant = graphql(
  `
  mutation LimitTenant($tenant: ID!, $limits: TenantLimitsInput!) {
    limitTenant(tenant: $tenant, limits: $limits) {
      status
      tenant {
        ...TenantParts
      }
    }
  }
`,
  [TenantParts],
);

export const DeleteTenant = graphql(
  `
  mutation DeleteTenant($tenant: ID!, $slug: String!, $reason: String!) {
    deleteTenant(tenant: $tenant, slug: $slug, reason: $reason) {
      status
      tenant {
        ...TenantParts
      }
    }
  }
`,
  [TenantParts],
);

export const CallOffTenantDeletion = graphql(
  `
  mutation CallOffTenantDeletion($tenant: ID!) {
    callOffTenantDeletion(tenant: $tenant) {
      status
      tenant {
        ...TenantParts
      }
    }
  }
`,
  [TenantParts],
);

export const DeletedTenantsQuery = graphql(`
  query DeletedTenants {
    deletedTenants {
      id
      slug
      name
      shortName
      createdAt
      deletedAt
      files
      bytes
      rowCount
      auditNumber
      auditHead
      deletion {
        askedAt
        askedBy
        reason
      }
    }
  }
`);

/** An organization as its federation oversees it. */
export type TenantFacts = ResultOf<typeof TenantsQuery>['overseenTenants'][number];
/** How an act on an organization ended. */
export type TenantAnswer = ResultOf<typeof CreateTenant>['createTenant'];
