import { createRoute, redirect } from '@tanstack/react-router';
import { Suspense } from 'react';
import { ListSkeleton } from '#platform/design';
import { links } from '#platform/shell';
import { signedIn } from './entry';
import * as pages from './lazy-pages';
import { rootRoute } from './root';
import { framedRoute, tenantRoute } from './tenant';

export const learningRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'learning',
  component: () => <pages.LearningPage />,
});

export const courseRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'learning/courses/$id',
  component: function CourseRoute() {
    const { id } = courseRoute.useParams();
    return <pages.CoursePage key={id} id={id} />;
  },
});

/** The player fills the window: a lesson list of its own takes the place of the navigation. */
export const studyRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'learning/courses/$id/study',
  validateSearch: (search: Record<string, unknown>): { lesson?: string } =>
    typeof search.lesson === 'string' ? { lesson: search.lesson } : {},
  component: function StudyRoute() {
    const { id } = studyRoute.useParams();
    const { lesson } = studyRoute.useSearch();
    return (
      <Suspense fallback={<ListSkeleton rows={10} />}>
        <pages.StudyPage key={id} course={id} lesson={lesson ?? null} />
      </Suspense>
    );
  },
});

export const authoringRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'learning/authoring',
  component: () => <pages.AuthoringPage />,
});

const TABS = ['settings', 'learners'] as const;

export const courseEditorRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'learning/authoring/$id',
  validateSearch: (search: Record<string, unknown>): { tab?: (typeof TABS)[number] } => {
    const tab = TABS.find((one) => one === search.tab);
    return tab ? { tab } : {};
  },
  component: function CourseEditorRoute() {
    const { id } = courseEditorRoute.useParams();
    const { tab } = courseEditorRoute.useSearch();
    return <pages.CourseEditorPage key={id} id={id} tab={tab ?? 'content'} />;
  },
});

export const lessonEditorRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'learning/authoring/$id/lessons/$lesson',
  component: function LessonEditorRoute() {
    const { id, lesson } = lessonEditorRoute.useParams();
    return <pages.LessonEditorPage key={lesson} course={id} lesson={lesson} />;
  },
});

/** Anyone may check a certificate: nobody needs to be signed in. */
export const certificateRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/certificate/$token',
  component: function CertificateRoute() {
    const { token } = certificateRoute.useParams();
    return <pages.CertificatePage token={token} />;
  },
});

/** As QR codes of certificates spell it. */
export const certificateCodeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/certificates/$token',
  beforeLoad: ({ params }) => {
    throw redirect({ ...links.certificate(params.token), replace: true });
  },
});

export const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/learning/join/$token',
  beforeLoad: signedIn,
  component: function InvitationRoute() {
    const { token } = invitationRoute.useParams();
    return <pages.InvitationPage token={token} />;
  },
});

/** The link of a reminder. */
export const courseLinkRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/learning/$course',
  beforeLoad: signedIn,
  component: function CourseLinkRoute() {
    const { course } = courseLinkRoute.useParams();
    return <pages.CourseLinkPage course={course} />;
  },
});
