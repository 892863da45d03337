import { graphql, type ResultOf } from '#platform/client';

const TenantExportParts = graphql(`
  fragment TenantExportParts on TenantExport @_unmask {
    id
    state
    orderedAt
    orderedBy
    tablesDone
    tablesTotal
    filesDone
    filesTotal
    rowCount
    sizeBytes
    finishedAt
    expiresAt
  }
`);

export const TenantExportsQuery = graphql(
  `
  query TenantExports {
    tenant {
      id
      name
      deletionDueAt
    }
    tenantExports {
      ...TenantExportParts
    }
  }
`,
  [TenantExportParts],
);

export const OrderTenantExport = graphql(
  `
  mutation OrderTenantExport {
    orderTenantExport {
      status
      export {
        ...TenantExportParts
      }
    }
  }
`,
  [TenantExportParts],
);

export const CancelTenantExport = graphql(
  `
  mutation CancelTenantExport($export: ID!) {
    cancelTenantExport(export: $export) {
      status
      export {
        ...TenantExportParts
      }
    }
  }
`,
  [TenantExportParts],
);

export const OpenTenantExport = graphql(`
  mutation OpenTenantExport($export: ID!) {
    openTenantExport(export: $export) {
      status
      url
    }
  }
`);

export const TenantDeletionQuery = graphql(`
  query OwnTenantDeletion {
    tenant {
      id
      deletionDueAt
    }
  }
`);

/** An export of everything that the organization has. */
export type TenantExportFacts = ResultOf<typeof TenantExportsQuery>['tenantExports'][number];
