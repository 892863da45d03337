import { graphql, type ResultOf } from '#platform/client';

export const MeasuresQuery = graphql(`
  query Measures($session: ID!) {
    node(id: $session) {
      __typename
      ... on Session {
        id
        agenda {
          id
          position
          title
          measures {
            id
            text
            dueOn
            assignee {
              id
              name
            }
            training {
              courseTitle
              offices
              ofPrimaries
            }
          }
        }
      }
    }
  }
`);

type Found = NonNullable<ResultOf<typeof MeasuresQuery>['node']>;
/** An item of an agenda with what its resolution obliges to. */
export type MeasuredItem = Extract<Found, { __typename: 'Session' }>['agenda'][number];

export const AddMeasure = graphql(`
  mutation AddMeasure($input: AddMeasureInput!) {
    addMeasure(input: $input) {
      status
      session {
        id
      }
    }
  }
`);

export const RemoveMeasure = graphql(`
  mutation RemoveMeasure($measure: ID!) {
    removeMeasure(measure: $measure) {
      status
      session {
        id
      }
    }
  }
`);

export const AssigneesQuery = graphql(`
  query MeasureAssignees($search: String) {
    colleagues(search: $search, first: 20) {
      nodes {
        id
        name
      }
    }
  }
`);

export const TrainingCoursesQuery = graphql(`
  query MeasureCourses($search: String) {
    courses(search: $search, first: 20, state: [PUBLISHED]) {
      nodes {
        id
        title
      }
    }
  }
`);
