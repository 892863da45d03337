import { graphql } from '#platform/client';

export const SchedulableBodiesQuery = graphql(`
  query SchedulableBodies {
    bodies(first: 100) {
      nodes {
        id
        name
        electedCount
        viewerCan {
          schedule
        }
      }
    }
  }
`);

export const ScheduleSession = graphql(`
  mutation ScheduleSession($input: ScheduleSessionInput!) {
    scheduleSession(input: $input) {
      status
      session {
        id
      }
    }
  }
`);
