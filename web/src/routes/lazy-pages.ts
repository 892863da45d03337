import { lazy } from 'react';

// One chunk per page: a visitor loads what is opened.
export const Framed = lazy(() => import('./framed'));
export const SignInPage = lazy(() => import('#platform/entry/sign-in-page'));
export const ResetPasswordPage = lazy(() => import('#platform/entry/reset-password-page'));
export const MailboxPage = lazy(() => import('#platform/mailbox/mailbox-page'));
export const HomePage = lazy(() => import('./home'));
export const RegisterPage = lazy(() => import('../modules/members/pages/register-page'));
export const ImportsPage = lazy(() => import('../modules/members/pages/imports-page'));
export const ImportPage = lazy(() => import('../modules/members/pages/import-page'));
export const BodiesPage = lazy(() => import('../modules/bodies/pages/bodies-page'));
export const BodyPage = lazy(() => import('../modules/bodies/pages/body-page'));
export const SessionsPage = lazy(() => import('../modules/bodies/pages/sessions-page'));
export const SchedulePage = lazy(() => import('../modules/bodies/pages/schedule-page'));
export const SessionPage = lazy(() => import('../modules/bodies/pages/session-page'));
export const NoticePage = lazy(() => import('../modules/bodies/pages/notice-page'));
export const MeetingRoute = lazy(() => import('./meeting'));
