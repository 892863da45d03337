import { graphql, type ResultOf } from '#platform/client';

export const AuditQuery = graphql(`
  query AuditEntries($filter: AuditFilter, $after: String) {
    auditEntries(filter: $filter, first: 50, after: $after) {
      nodes {
        id
        at
        actorName
        system
        action
        title {
          ru
          en
        }
        subject
        detail
        request
        number
        hash
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const AuditActionsQuery = graphql(`
  query AuditActions {
    auditActions {
      action
      title {
        ru
        en
      }
    }
  }
`);

export const ReadersQuery = graphql(`
  query AuditPeople($search: String) {
    peopleWithAccess(search: $search, first: 20) {
      nodes {
        account
        name
      }
    }
  }
`);

export const CheckAudit = graphql(`
  mutation CheckAudit {
    checkAudit {
      whole
      entries
      beforeChain
      brokenAt
      head
    }
  }
`);

export const ExportAudit = graphql(`
  mutation ExportAudit($filter: AuditFilter, $language: Language!, $reason: String) {
    exportAudit(filter: $filter, language: $language, reason: $reason) {
      id
      name
      url
    }
  }
`);

/** An entry of the record. */
export type EntryFacts = ResultOf<typeof AuditQuery>['auditEntries']['nodes'][number];
/** What a check of the chain found. */
export type CheckFacts = ResultOf<typeof CheckAudit>['checkAudit'];
