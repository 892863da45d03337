import { graphql, type ResultOf } from '#platform/client';

/** One member's dues with the latest entries. */
export const DuesFields = graphql(`
  fragment DuesFields on Dues @_unmask {
    member
    fullName
    unit {
      id
      name
    }
    balanceKopecks
    overdue {
      kopecks
      months
      since
    }
    rate {
      id
      kind
      value
      validFrom
      unit {
        id
        name
      }
    }
    exemptions {
      id
      ground
      from
      until
      note
      current
    }
    months(first: 24) {
      month
      chargedKopecks
      paidKopecks
      balanceKopecks
    }
    entries(first: 100) {
      nodes {
        id
        kind
        month
        kopecks
        balanceKopecks
        enteredOn
        method
        reference
        note
        reason
        reversedBy
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export type DuesFacts = ResultOf<typeof DuesFields>;
export type LedgerLine = DuesFacts['entries']['nodes'][number];

export const DuesQuery = graphql(
  `
    query Dues($member: ID!) {
      dues(member: $member) {
        ...DuesFields
        salary {
          kopecks
          validFrom
        }
      }
    }
  `,
  [DuesFields],
);

export const MyDuesQuery = graphql(
  `
    query MyDues {
      myDues {
        ...DuesFields
      }
    }
  `,
  [DuesFields],
);

export const DuesUnitsQuery = graphql(`
  query DuesUnits($after: String) {
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

export const PayersQuery = graphql(`
  query Payers($search: String!) {
    members(first: 20, search: $search) {
      nodes {
        id
        fullName
        cardNumber
        unit {
          id
          name
        }
      }
    }
  }
`);

export const OverviewQuery = graphql(`
  query DuesOverview($unit: ID) {
    duesDebt(unit: $unit) {
      debtors
      kopecks
    }
    duesByMonth(unit: $unit, months: 12) {
      month
      members
      chargedKopecks
      paidKopecks
    }
    duesRates(first: 20, unit: $unit) {
      nodes {
        id
        kind
        value
        validFrom
        unit {
          id
          name
        }
      }
    }
    chargeRuns(first: 6, unit: $unit) {
      nodes {
        id
        month
        createdAt
        finishedAt
        unit {
          id
          name
        }
        summary {
          charged
          totalKopecks
        }
      }
    }
  }
`);

export type RateFacts = ResultOf<typeof OverviewQuery>['duesRates']['nodes'][number];

export const DuesByUnitQuery = graphql(`
  query DuesByUnit($month: String!, $unit: ID, $first: Int!, $after: String) {
    duesByUnit(month: $month, unit: $unit, first: $first, after: $after) {
      nodes {
        unit {
          id
          name
        }
        members
        chargedKopecks
        paidKopecks
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export type UnitTakings = ResultOf<typeof DuesByUnitQuery>['duesByUnit']['nodes'][number];

export const DebtorsQuery = graphql(`
  query Debtors($unit: ID, $monthsAtLeast: Int!, $first: Int!, $after: String) {
    debtors(unit: $unit, monthsAtLeast: $monthsAtLeast, first: $first, after: $after) {
      nodes {
        member
        fullName
        debtKopecks
        months
        since
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

export type DebtorFacts = ResultOf<typeof DebtorsQuery>['debtors']['nodes'][number];

export const ChargePreviewQuery = graphql(`
  query ChargePreview($unit: ID!, $month: String!) {
    chargePreview(unit: $unit, month: $month) {
      charged
      totalKopecks
      chargedBefore
      exempt
      withoutRate
      withoutSalary
    }
  }
`);

export type ChargeCounts = ResultOf<typeof ChargePreviewQuery>['chargePreview'];

export const ChargeRunQuery = graphql(`
  query ChargeRun($run: ID!) {
    chargeRun(run: $run) {
      id
      finishedAt
      summary {
        charged
        totalKopecks
        chargedBefore
        exempt
        withoutRate
        withoutSalary
      }
    }
  }
`);

export const ChargeMonth = graphql(`
  mutation ChargeMonth($unit: ID!, $month: String!) {
    chargeMonth(unit: $unit, month: $month) {
      id
    }
  }
`);

export const SetDuesRate = graphql(`
  mutation SetDuesRate($input: SetDuesRateInput!) {
    setDuesRate(input: $input) {
      id
    }
  }
`);

export const RecordPayment = graphql(
  `
    mutation RecordPayment($input: RecordPaymentInput!) {
      recordPayment(input: $input) {
        ...DuesFields
      }
    }
  `,
  [DuesFields],
);

export const ReverseEntry = graphql(
  `
    mutation ReverseEntry($entry: ID!, $reason: String!) {
      reverseEntry(entry: $entry, reason: $reason) {
        status
        dues {
          ...DuesFields
        }
      }
    }
  `,
  [DuesFields],
);

export const ChargeMember = graphql(
  `
    mutation ChargeMember($member: ID!, $month: String!) {
      chargeMember(member: $member, month: $month) {
        status
        dues {
          ...DuesFields
        }
      }
    }
  `,
  [DuesFields],
);

export const DeclareSalary = graphql(
  `
    mutation DeclareSalary($input: DeclareSalaryInput!) {
      declareSalary(input: $input) {
        ...DuesFields
      }
    }
  `,
  [DuesFields],
);

export const GrantExemption = graphql(
  `
    mutation GrantExemption($input: GrantExemptionInput!) {
      grantExemption(input: $input) {
        ...DuesFields
      }
    }
  `,
  [DuesFields],
);

export const EndExemption = graphql(
  `
    mutation EndExemption($exemption: ID!, $until: String!) {
      endExemption(exemption: $exemption, until: $until) {
        ...DuesFields
      }
    }
  `,
  [DuesFields],
);

export const ExportStatement = graphql(`
  mutation ExportStatement(
    $member: ID!
    $from: String!
    $until: String!
    $format: StatementFormat!
  ) {
    exportDuesStatement(member: $member, from: $from, until: $until, format: $format) {
      id
      url
    }
  }
`);

export const ExportMyDues = graphql(`
  mutation ExportMyDues($from: String!, $until: String!, $format: StatementFormat!) {
    exportMyDues(from: $from, until: $until, format: $format) {
      id
      url
    }
  }
`);

export const BankListsQuery = graphql(`
  query BankLists {
    bankLists(first: 20) {
      nodes {
        id
        fileName
        state
        createdAt
        counts {
          matched
          totalKopecks
        }
      }
    }
  }
`);

export const BankListQuery = graphql(`
  query BankList($list: ID!) {
    bankList(list: $list) {
      id
      fileName
      state
      createdAt
      unit {
        id
        name
      }
      counts {
        matched
        unmatched
        duplicates
        unreadable
        totalKopecks
      }
    }
  }
`);

export const BankRowsQuery = graphql(`
  query BankRows($list: ID!, $outcome: BankRowOutcome, $first: Int!, $after: String) {
    bankList(list: $list) {
      id
      rows(first: $first, after: $after, outcome: $outcome) {
        nodes {
          number
          card
          amountText
          paidOnText
          reference
          kopecks
          paidOn
          outcome
          memberName
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

export type BankRowFacts = NonNullable<
  ResultOf<typeof BankRowsQuery>['bankList']
>['rows']['nodes'][number];

export const CheckBankList = graphql(`
  mutation CheckBankList($file: ID!) {
    checkBankList(file: $file) {
      id
    }
  }
`);

export const RecordBankList = graphql(`
  mutation RecordBankList($list: ID!) {
    recordBankList(list: $list) {
      status
      list {
        id
        state
        counts {
          matched
          totalKopecks
        }
      }
    }
  }
`);

export const DiscardBankList = graphql(`
  mutation DiscardBankList($list: ID!) {
    discardBankList(list: $list) {
      status
      list {
        id
        state
      }
    }
  }
`);

export const AssignBankRow = graphql(`
  mutation AssignBankRow($list: ID!, $number: Int!, $member: ID) {
    assignBankRow(list: $list, number: $number, member: $member) {
      status
      list {
        id
        counts {
          matched
          unmatched
          totalKopecks
        }
      }
    }
  }
`);
