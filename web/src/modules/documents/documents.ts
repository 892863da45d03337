import { type FragmentOf, graphql } from '#platform/client';

export const DocumentSummary = graphql(`
  fragment DocumentSummary on Document @_unmask {
    id
    kind
    title
    state
    number
    correspondent
    dueOn
    createdAt
    executor {
      id
      name
    }
  }
`);

/** A document as lists show it. */
export type DocumentRow = FragmentOf<typeof DocumentSummary>;

export const TaskSummary = graphql(`
  fragment TaskSummary on Task @_unmask {
    id
    text
    source
    state
    dueOn
    isOverdue
    report
    remark
    assignee {
      id
      name
    }
    controller {
      id
      name
    }
    viewerCan {
      begin
      report
      decide
    }
  }
`);

/** A task as lists show it. */
export type TaskRow = FragmentOf<typeof TaskSummary>;

export const RouteStepParts = graphql(`
  fragment RouteStepParts on RouteStep @_unmask {
    id
    round
    group
    act
    state
    dueOn
    isOverdue
    actedAt
    comment
    isViewers
    person {
      id
      name
    }
    actedBy {
      id
      name
    }
    viewerActsFor {
      id
      name
    }
  }
`);

/** A step of a route. */
export type RouteStepRow = FragmentOf<typeof RouteStepParts>;

export const DocumentParts = graphql(
  `
    fragment DocumentParts on Document @_unmask {
      ...DocumentSummary
      summary
      theirNumber
      theirDate
      pages
      tags
      revision
      receivedFrom
      author {
        id
        name
      }
      unit {
        id
        name
      }
      registration {
        number
        at
        journal {
          id
          name
        }
        by {
          id
          name
        }
      }
      versions {
        id
        ordinal
        name
        sizeBytes
        sha256
        flag
        comment
        createdAt
        url
        previewUrl
        author {
          id
          name
        }
      }
      route {
        ...RouteStepParts
      }
      pastSteps {
        ...RouteStepParts
      }
      signatures {
        id
        signer
        onBehalfOf
        signedAt
        intent
        version
        sha256
        appliesToLatest
        valid
        validity
      }
      removedSignatures {
        id
        signer {
          id
          name
        }
        onBehalfOf {
          id
          name
        }
        signedAt
        version
      }
      statedSignatures {
        signer
        onBehalfOf
        signedAt
        intent
        matches
      }
      signatureSheet {
        id
        name
        url
      }
      resolutions {
        text
        createdAt
        author {
          id
          name
        }
      }
      tasks {
        ...TaskSummary
      }
      dispatches {
        id
        recipient
        sentAt
        receivedAt
        theirNumber
        theirDate
      }
      history {
        at
        what
        detail
        person {
          id
          name
        }
      }
      viewerCan {
        edit
        editRefused
        register
        route
        send
        addVersion
        giveResolution
      }
    }
  `,
  [DocumentSummary, TaskSummary, RouteStepParts],
);

/** A document with all that belongs to it. */
export type FullDocument = FragmentOf<typeof DocumentParts>;

export const DocumentsQuery = graphql(
  `
    query Documents($filter: DocumentFilter, $first: Int!, $after: String) {
      documents(filter: $filter, first: $first, after: $after) {
        nodes {
          ...DocumentSummary
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [DocumentSummary],
);

export const CountsQuery = graphql(`
  query DocumentCounts {
    documentCounts {
      toSign
      toApprove
      tasks
      overdueTasks
    }
  }
`);

export const DocumentQuery = graphql(
  `
    query Document($id: ID!) {
      node(id: $id) {
        __typename
        ... on Document {
          ...DocumentParts
        }
      }
    }
  `,
  [DocumentParts],
);

export const DocumentPushes = graphql(`
  subscription DocumentPushes($id: ID!) {
    document(id: $id) {
      id
      state
    }
  }
`);

export const JournalsQuery = graphql(`
  query Journals {
    journals {
      id
      kind
      name
      pattern
      yearly
      years {
        year
        last
      }
    }
  }
`);

export const JournalEntriesQuery = graphql(
  `
    query JournalEntries($journal: ID!, $year: Int, $first: Int!, $after: String) {
      journalEntries(journal: $journal, year: $year, first: $first, after: $after) {
        nodes {
          ...DocumentSummary
          theirNumber
          theirDate
          registration {
            at
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [DocumentSummary],
);

export const TasksQuery = graphql(
  `
    query Tasks($view: TaskView!, $open: Boolean!, $overdue: Boolean!, $first: Int!, $after: String) {
      tasks(view: $view, open: $open, overdue: $overdue, first: $first, after: $after) {
        nodes {
          ...TaskSummary
          document {
            id
            title
            number
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [TaskSummary],
);

export const PeopleQuery = graphql(`
  query DocumentPeople($search: String!) {
    colleagues(search: $search, first: 20) {
      nodes {
        id
        name
      }
    }
  }
`);

export const RecipientsQuery = graphql(`
  query DocumentRecipients {
    documentRecipients {
      id
      name
    }
  }
`);

export const SubstitutesQuery = graphql(`
  query Substitutes {
    substitutes {
      id
      startsOn
      endsOn
      isViewers
      account {
        id
        name
      }
      substitute {
        id
        name
      }
    }
  }
`);

export const CreateJournal = graphql(`
  mutation CreateJournal($input: CreateJournalInput!) {
    createJournal(input: $input) {
      id
    }
  }
`);

export const CreateDocument = graphql(`
  mutation CreateDocument($kind: DocumentKind!, $input: DocumentCardInput!) {
    createDocument(kind: $kind, input: $input) {
      id
    }
  }
`);

export const EditDocument = graphql(`
  mutation EditDocument($document: ID!, $revision: Int!, $input: DocumentCardInput!) {
    editDocument(document: $document, revision: $revision, input: $input) {
      id
      revision
    }
  }
`);

export const RegisterDocument = graphql(`
  mutation RegisterDocument($document: ID!, $journal: ID!) {
    registerDocument(document: $document, journal: $journal) {
      status
      number
    }
  }
`);

export const AddVersion = graphql(`
  mutation AddVersion($document: ID!, $file: ID!, $comment: String!) {
    addVersion(document: $document, file: $file, comment: $comment) {
      id
    }
  }
`);

export const StartRoute = graphql(`
  mutation StartRoute($document: ID!, $steps: [RouteStepInput!]!) {
    startRoute(document: $document, steps: $steps) {
      id
    }
  }
`);

export const DecideStep = graphql(`
  mutation DecideStep($step: ID!, $comment: String!) {
    decideStep(step: $step, comment: $comment) {
      id
    }
  }
`);

export const SignStep = graphql(`
  mutation SignStep($step: ID!, $proof: ProofInput!, $intent: String!) {
    signStep(step: $step, proof: $proof, intent: $intent) {
      status
    }
  }
`);

export const ReturnForRework = graphql(`
  mutation ReturnForRework($step: ID!, $comment: String!) {
    returnForRework(step: $step, comment: $comment) {
      id
    }
  }
`);

export const SendDocument = graphql(`
  mutation SendDocument($document: ID!, $organizations: [ID!]!) {
    sendDocument(document: $document, organizations: $organizations) {
      id
    }
  }
`);

export const GiveResolution = graphql(`
  mutation GiveResolution($input: GiveResolutionInput!) {
    giveResolution(input: $input) {
      id
    }
  }
`);

export const BeginTask = graphql(`
  mutation BeginTask($task: ID!) {
    beginTask(task: $task) {
      id
    }
  }
`);

export const ReportTask = graphql(`
  mutation ReportTask($task: ID!, $report: String!) {
    reportTask(task: $task, report: $report) {
      id
    }
  }
`);

export const AcceptTask = graphql(`
  mutation AcceptTask($task: ID!) {
    acceptTask(task: $task) {
      id
    }
  }
`);

export const ReturnTask = graphql(`
  mutation ReturnTask($task: ID!, $comment: String!) {
    returnTask(task: $task, comment: $comment) {
      id
    }
  }
`);

export const NameSubstitute = graphql(`
  mutation NameSubstitute($input: NameSubstituteInput!) {
    nameSubstitute(input: $input) {
      id
    }
  }
`);

export const EndSubstitute = graphql(`
  mutation EndSubstitute($substitute: ID!) {
    endSubstitute(substitute: $substitute) {
      id
    }
  }
`);

export const ExportJournal = graphql(`
  mutation ExportJournal($journal: ID!, $year: Int, $form: ExportForm!) {
    exportJournal(journal: $journal, year: $year, form: $form) {
      id
      name
      url
    }
  }
`);
