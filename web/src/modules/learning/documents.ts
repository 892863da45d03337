import { type FragmentOf, graphql, type ResultOf } from '#platform/client';

export const CourseSummary = graphql(`
  fragment CourseSummary on Course @_unmask {
    id
    title
    summary
    state
    lessonCount
    certificate
    viewerCan {
      edit
      enrolSelf
    }
  }
`);

/** A course as lists show it. */
export type CourseRow = FragmentOf<typeof CourseSummary>;

export const EnrolmentSummary = graphql(`
  fragment EnrolmentSummary on Enrolment @_unmask {
    id
    state
    done
    total
    dueAt
    completedAt
    course {
      id
      title
      summary
    }
  }
`);

/** An enrolment as lists show it. */
export type EnrolmentRow = FragmentOf<typeof EnrolmentSummary>;

export const MyEnrolmentsQuery = graphql(
  `
    query MyEnrolments($first: Int!, $after: String) {
      myEnrolments(first: $first, after: $after) {
        nodes {
          ...EnrolmentSummary
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [EnrolmentSummary],
);

export const CatalogueQuery = graphql(
  `
    query Catalogue($first: Int!, $after: String, $search: String) {
      courses(first: $first, after: $after, search: $search, state: [PUBLISHED]) {
        nodes {
          ...CourseSummary
          myEnrolment {
            id
            state
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [CourseSummary],
);

export const LessonOutline = graphql(`
  fragment LessonOutline on Lesson @_unmask {
    id
    title
    kind
    state
    required
  }
`);

export const CourseQuery = graphql(
  `
    query Course($id: ID!) {
      node(id: $id) {
        __typename
        ... on Course {
          ...CourseSummary
          sequential
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
            done
            total
            dueAt
            completedAt
            resumeLesson {
              id
            }
            certificate {
              id
              number
              issuedOn
              token
              file {
                id
                name
                url
              }
            }
          }
        }
      }
    }
  `,
  [CourseSummary, LessonOutline],
);

/** A course with its outline and the viewer's own way through it. */
export type CourseDetails = Extract<
  NonNullable<ResultOf<typeof CourseQuery>['node']>,
  { __typename: 'Course' }
>;
/** A certificate of the viewer. */
export type OwnCertificate = NonNullable<NonNullable<CourseDetails['myEnrolment']>['certificate']>;

export const EnrolSelf = graphql(`
  mutation EnrolSelf($course: ID!) {
    enrolSelf(course: $course) {
      id
      course {
        id
      }
    }
  }
`);

export const AcceptInvitation = graphql(`
  mutation AcceptInvitation($token: String!) {
    acceptCourseInvitation(token: $token) {
      id
      course {
        id
      }
    }
  }
`);

export const CertificateCheckQuery = graphql(`
  query CertificateCheck($token: String!) {
    certificateCheck(token: $token) {
      number
      issuedOn
      courseTitle
      holder
      organization
      revoked
    }
  }
`);
