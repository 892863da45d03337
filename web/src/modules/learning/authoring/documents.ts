import { graphql, type ResultOf } from '#platform/client';
import { LessonFile } from '../study/documents';

export const AuthoredCoursesQuery = graphql(`
  query AuthoredCourses($first: Int!, $after: String, $search: String, $state: [CourseState!]) {
    courses(first: $first, after: $after, search: $search, state: $state) {
      nodes {
        id
        title
        state
        lessonCount
        enrolmentCount
        viewerCan {
          edit
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const CourseDraft = graphql(`
  fragment CourseDraft on Course @_unmask {
    id
    title
    summary
    state
    sequential
    certificate
    selfEnrol
    defaultDays
    lessonCount
    enrolmentCount
    missing {
      code
      lesson
      section
    }
    viewerCan {
      edit
      enrol
    }
    sections {
      id
      title
      lessons {
        id
        title
        kind
        required
      }
    }
  }
`);

export const CourseDraftQuery = graphql(
  `
    query CourseDraft($id: ID!) {
      node(id: $id) {
        __typename
        ... on Course {
          ...CourseDraft
        }
      }
    }
  `,
  [CourseDraft],
);

/** A course as its author sees it. */
export type CourseDraftDetails = Extract<
  NonNullable<ResultOf<typeof CourseDraftQuery>['node']>,
  { __typename: 'Course' }
>;
/** A section in the editor. */
export type DraftSection = CourseDraftDetails['sections'][number];
/** A lesson in the editor. */
export type DraftLesson = DraftSection['lessons'][number];

export const LessonDraftQuery = graphql(
  `
    query LessonDraft($id: ID!) {
      node(id: $id) {
        __typename
        ... on Lesson {
          id
          title
          kind
          required
          text
          course {
            id
            title
            state
          }
          video {
            ...LessonFile
          }
          file {
            ...LessonFile
          }
          webinar {
            startsAt
            durationMinutes
          }
          quiz {
            timeLimitMinutes
            maxAttempts
            passPercent
            feedback
            shuffle
            pointsTotal
            questions {
              id
              kind
              text
              points
              explanation
              options {
                text
                right
              }
              pairs {
                left
                right
              }
              number
              tolerance
              spellings
            }
          }
        }
      }
    }
  `,
  [LessonFile],
);

/** A lesson as its author sees it. */
export type LessonDraftDetails = Extract<
  NonNullable<ResultOf<typeof LessonDraftQuery>['node']>,
  { __typename: 'Lesson' }
>;
/** A quiz as its author sees it. */
export type QuizDraft = NonNullable<LessonDraftDetails['quiz']>;

export const CreateCourse = graphql(`
  mutation CreateCourse($input: CreateCourseInput!) {
    createCourse(input: $input) {
      id
    }
  }
`);

export const UpdateCourse = graphql(`
  mutation UpdateCourse($course: ID!, $input: UpdateCourseInput!) {
    updateCourse(course: $course, input: $input) {
      id
    }
  }
`);

export const PublishCourse = graphql(`
  mutation PublishCourse($course: ID!) {
    publishCourse(course: $course) {
      status
      course {
        id
        state
      }
    }
  }
`);

export const ArchiveCourse = graphql(`
  mutation ArchiveCourse($course: ID!) {
    archiveCourse(course: $course) {
      status
      course {
        id
        state
      }
    }
  }
`);

export const AddSection = graphql(`
  mutation AddSection($course: ID!, $title: String!) {
    addSection(course: $course, title: $title) {
      id
    }
  }
`);

export const RenameSection = graphql(`
  mutation RenameSection($section: ID!, $title: String!) {
    renameSection(section: $section, title: $title) {
      id
    }
  }
`);

export const RemoveSection = graphql(`
  mutation RemoveSection($section: ID!) {
    removeSection(section: $section) {
      id
    }
  }
`);

export const OrderSections = graphql(`
  mutation OrderSections($course: ID!, $sections: [ID!]!) {
    orderSections(course: $course, sections: $sections) {
      id
    }
  }
`);

export const AddLesson = graphql(`
  mutation AddLesson($section: ID!, $input: AddLessonInput!) {
    addLesson(section: $section, input: $input) {
      id
    }
  }
`);

export const UpdateLesson = graphql(`
  mutation UpdateLesson($lesson: ID!, $input: UpdateLessonInput!) {
    updateLesson(lesson: $lesson, input: $input) {
      id
    }
  }
`);

export const RemoveLesson = graphql(`
  mutation RemoveLesson($lesson: ID!) {
    removeLesson(lesson: $lesson) {
      id
    }
  }
`);

export const OrderLessons = graphql(`
  mutation OrderLessons($section: ID!, $lessons: [ID!]!) {
    orderLessons(section: $section, lessons: $lessons) {
      id
    }
  }
`);

export const SetQuizRules = graphql(`
  mutation SetQuizRules($lesson: ID!, $input: QuizRulesInput!) {
    setQuizRules(lesson: $lesson, input: $input) {
      id
    }
  }
`);

export const SaveQuestion = graphql(`
  mutation SaveQuestion($lesson: ID!, $question: ID, $input: QuestionInput!) {
    saveQuestion(lesson: $lesson, question: $question, input: $input) {
      id
    }
  }
`);

export const RemoveQuestion = graphql(`
  mutation RemoveQuestion($question: ID!) {
    removeQuestion(question: $question) {
      id
    }
  }
`);

export const OrderQuestions = graphql(`
  mutation OrderQuestions($lesson: ID!, $questions: [ID!]!) {
    orderQuestions(lesson: $lesson, questions: $questions) {
      id
    }
  }
`);

export const GradebookQuery = graphql(`
  query Gradebook(
    $course: ID!
    $first: Int!
    $after: String
    $search: String
    $state: [EnrolmentState!]
  ) {
    node(id: $course) {
      __typename
      ... on Course {
        id
        gradebook(first: $first, after: $after, search: $search, state: $state) {
          nodes {
            id
            state
            done
            total
            dueAt
            enrolledAt
            completedAt
            lastSeenAt
            bestPercent
            learner {
              id
              fullName
              unit
            }
            certificate {
              id
              number
              revoked
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

/** A row of the gradebook. */
export type GradebookRow = Extract<
  NonNullable<ResultOf<typeof GradebookQuery>['node']>,
  { __typename: 'Course' }
>['gradebook']['nodes'][number];

export const LearnersQuery = graphql(`
  query Learners($search: String, $first: Int!) {
    learners(search: $search, first: $first) {
      nodes {
        id
        fullName
        unit
      }
    }
  }
`);

/** Somebody who can be enrolled. */
export type LearnerRow = ResultOf<typeof LearnersQuery>['learners']['nodes'][number];

export const AudienceCountQuery = graphql(`
  query AudienceCount($audience: LearnerAudienceInput!) {
    learnerCount(audience: $audience)
  }
`);

export const LearningUnitsQuery = graphql(`
  query LearningUnits($after: String) {
    units(first: 200, after: $after) {
      nodes {
        id
        name
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const Enrol = graphql(`
  mutation Enrol($course: ID!, $audience: LearnerAudienceInput!, $dueAt: DateTime) {
    enrol(course: $course, audience: $audience, dueAt: $dueAt) {
      added
      already
      course {
        id
        enrolmentCount
      }
    }
  }
`);

export const Withdraw = graphql(`
  mutation Withdraw($enrolment: ID!) {
    withdraw(enrolment: $enrolment) {
      id
      state
    }
  }
`);

export const InviteToCourse = graphql(`
  mutation InviteToCourse($course: ID!, $days: Int) {
    inviteToCourse(course: $course, days: $days) {
      id
      url
      expiresAt
    }
  }
`);

export const GrantAttempt = graphql(`
  mutation GrantAttempt($enrolment: ID!, $lesson: ID!) {
    grantAttempt(enrolment: $enrolment, lesson: $lesson) {
      id
    }
  }
`);

export const RevokeCertificate = graphql(`
  mutation RevokeCertificate($certificate: ID!, $reason: String!) {
    revokeCertificate(certificate: $certificate, reason: $reason) {
      id
      revoked
    }
  }
`);
