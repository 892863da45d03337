import { graphql, type ResultOf } from '#platform/client';
import { LessonOutline } from '../documents';

export const OutlineQuery = graphql(
  `
    query Outline($id: ID!) {
      node(id: $id) {
        __typename
        ... on Course {
          id
          title
          sections {
            id
            title
            lessons {
              ...LessonOutline
            }
          }
          myEnrolment {
            id
            state
            resumeLesson {
              id
            }
          }
          viewerCan {
            edit
          }
        }
      }
    }
  `,
  [LessonOutline],
);

export const LessonFile = graphql(`
  fragment LessonFile on File @_unmask {
    id
    name
    contentType
    sizeBytes
    url
  }
`);

export const LessonQuery = graphql(
  `
    query Lesson($id: ID!) {
      node(id: $id) {
        __typename
        ... on Lesson {
          ...LessonOutline
          text
          positionS
          videoSeconds
          video {
            ...LessonFile
          }
          file {
            ...LessonFile
          }
          webinar {
            endsAt
            startsAt
            durationMinutes
            joinable
          }
        }
      }
    }
  `,
  [LessonOutline, LessonFile],
);

/** A lesson with what is in it. */
export type LessonDetails = Extract<
  NonNullable<ResultOf<typeof LessonQuery>['node']>,
  { __typename: 'Lesson' }
>;

export const SaveVideoPosition = graphql(`
  mutation SaveVideoPosition($lesson: ID!, $seconds: Int!) {
    saveVideoPosition(lesson: $lesson, seconds: $seconds) {
      id
    }
  }
`);

export const CompleteLesson = graphql(`
  mutation CompleteLesson($lesson: ID!) {
    completeLesson(lesson: $lesson) {
      status
      lesson {
        id
        state
      }
    }
  }
`);

export const JoinWebinar = graphql(`
  mutation JoinWebinar($lesson: ID!) {
    joinWebinar(lesson: $lesson) {
      status
      token
      sfuPath
      relay {
        urls
        username
        credential
        expiresAt
      }
    }
  }
`);
