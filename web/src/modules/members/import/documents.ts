import { type FragmentOf, graphql, type ResultOf } from '#platform/client';

export const ImportFragment = graphql(`
  fragment ImportParts on MemberImport @_unmask {
    id
    fileName
    createdAt
    createdBy
    state
    unreadable
    headerRow
    sheet
    progress {
      done
      total
    }
    columns {
      index
      letter
      header
      field
      samples
    }
    report {
      rows
      accepted
      duplicates
      blankRows
      acceptedWithElectedOffice
      rejected {
        code
        count
      }
      warnings {
        code
        count
      }
      acceptedByUnit {
        unit
        count
      }
    }
  }
`);

/** An import as its page shows it. */
export type MemberImport = FragmentOf<typeof ImportFragment>;

export const ImportQuery = graphql(
  `
    query MemberImport($id: ID!) {
      node(id: $id) {
        __typename
        ...ImportParts
      }
    }
  `,
  [ImportFragment],
);

export const ImportsQuery = graphql(`
  query MemberImports {
    memberImports(first: 20) {
      nodes {
        id
        fileName
        createdAt
        createdBy
        state
        report {
          accepted
        }
      }
    }
  }
`);

export const ImportRowsQuery = graphql(`
  query ImportRows(
    $id: ID!
    $first: Int!
    $after: String
    $outcome: [RowOutcome!]
    $withProblems: Boolean
  ) {
    node(id: $id) {
      __typename
      ... on MemberImport {
        id
        rows(first: $first, after: $after, outcome: $outcome, withProblems: $withProblems) {
          nodes {
            rowNumber
            outcome
            fullName
            birthDate
            unit
            cardNumber
            problems {
              severity
              code
              columnLetter
              field
              value
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

type ImportNode = Extract<
  NonNullable<ResultOf<typeof ImportRowsQuery>['node']>,
  { __typename: 'MemberImport' }
>;
/** A row of the file with its outcome. */
export type ImportRow = ImportNode['rows']['nodes'][number];

export const PrepareImport = graphql(`
  mutation PrepareMemberImport($file: ID!) {
    prepareMemberImport(file: $file) {
      id
    }
  }
`);

export const SetMapping = graphql(
  `
    mutation SetMemberImportMapping($import: ID!, $columns: [ColumnMappingInput!]!) {
      setMemberImportMapping(import: $import, columns: $columns) {
        ...ImportParts
      }
    }
  `,
  [ImportFragment],
);

export const CommitImport = graphql(`
  mutation CommitMemberImport($import: ID!) {
    commitMemberImport(import: $import) {
      id
      state
    }
  }
`);

export const DiscardImport = graphql(`
  mutation DiscardMemberImport($import: ID!) {
    discardMemberImport(import: $import) {
      id
      state
    }
  }
`);

export const ImportProgress = graphql(`
  subscription MemberImportProgress($id: ID!) {
    memberImport(id: $id) {
      id
      state
      progress {
        done
        total
      }
    }
  }
`);
