import { linkOptions } from '@tanstack/react-router';

/**
 * The route registry: how any part of the app links to any other without importing it. Paths are
 * checked against the route tree by the compiler.
 */
export const links = {
  signIn: (returnTo?: string) =>
    linkOptions({ to: '/sign-in', search: returnTo ? { return: returnTo } : {} }),
  resetPassword: () => linkOptions({ to: '/reset-password', search: {} }),
  mailbox: () => linkOptions({ to: '/mailbox', search: {} }),
  letter: (letter: string) => linkOptions({ to: '/mailbox', search: { letter } }),
  home: (tenant: string) => linkOptions({ to: '/t/$tenant', params: { tenant } }),
  security: (tenant: string) => linkOptions({ to: '/t/$tenant/security', params: { tenant } }),
  admin: (tenant: string, path: string) =>
    linkOptions({ to: '/t/$tenant/admin/$', params: { tenant, _splat: path } }),
  provider: (tenant: string) =>
    linkOptions({ to: '/t/$tenant/security/provider', params: { tenant } }),
  members: (tenant: string) => linkOptions({ to: '/t/$tenant/members', params: { tenant } }),
  imports: (tenant: string) => linkOptions({ to: '/t/$tenant/members/import', params: { tenant } }),
  memberImport: (tenant: string, id: string) =>
    linkOptions({ to: '/t/$tenant/members/import/$id', params: { tenant, id } }),
  member: (tenant: string, id: string) =>
    linkOptions({ to: '/t/$tenant/members/$id', params: { tenant, id } }),
  newMember: (tenant: string) => linkOptions({ to: '/t/$tenant/members/new', params: { tenant } }),
  corrections: (tenant: string) =>
    linkOptions({ to: '/t/$tenant/members/corrections', params: { tenant } }),
  transfers: (tenant: string) =>
    linkOptions({ to: '/t/$tenant/members/transfers', params: { tenant } }),
  portal: (tenant: string) => linkOptions({ to: '/t/$tenant/me', params: { tenant } }),
  myCard: (tenant: string) => linkOptions({ to: '/t/$tenant/me/card', params: { tenant } }),
  myDues: (tenant: string) => linkOptions({ to: '/t/$tenant/me/dues', params: { tenant } }),
  dues: (tenant: string) => linkOptions({ to: '/t/$tenant/dues', params: { tenant } }),
  debtors: (tenant: string) => linkOptions({ to: '/t/$tenant/dues/debtors', params: { tenant } }),
  chargeDues: (tenant: string) => linkOptions({ to: '/t/$tenant/dues/charge', params: { tenant } }),
  bankLists: (tenant: string) => linkOptions({ to: '/t/$tenant/dues/bank', params: { tenant } }),
  bankList: (tenant: string, id: string) =>
    linkOptions({ to: '/t/$tenant/dues/bank/$id', params: { tenant, id } }),
  memberDues: (tenant: string, id: string) =>
    linkOptions({ to: '/t/$tenant/dues/members/$id', params: { tenant, id } }),
  bodies: (tenant: string) => linkOptions({ to: '/t/$tenant/bodies', params: { tenant } }),
  body: (tenant: string, id: string) =>
    linkOptions({ to: '/t/$tenant/bodies/$id', params: { tenant, id } }),
  campaigns: (tenant: string) => linkOptions({ to: '/t/$tenant/mailings', params: { tenant } }),
  campaign: (tenant: string, id: string) =>
    linkOptions({ to: '/t/$tenant/mailings/$id', params: { tenant, id } }),
  mailingLists: (tenant: string) =>
    linkOptions({ to: '/t/$tenant/mailings/lists', params: { tenant } }),
  sessions: (tenant: string) => linkOptions({ to: '/t/$tenant/sessions', params: { tenant } }),
  scheduleSession: (tenant: string, body?: string) =>
    linkOptions({
      to: '/t/$tenant/sessions/new',
      params: { tenant },
      search: body ? { body } : {},
    }),
  session: (tenant: string, id: string) =>
    linkOptions({ to: '/t/$tenant/sessions/$id', params: { tenant, id } }),
  recordings: (tenant: string, id: string) =>
    linkOptions({ to: '/t/$tenant/sessions/$id/recordings', params: { tenant, id } }),
  chat: (tenant: string, search: { compose?: boolean } = {}) =>
    linkOptions({ to: '/t/$tenant/chat', params: { tenant }, search }),
  channel: (tenant: string, id: string, message?: number) =>
    linkOptions({
      to: '/t/$tenant/chat/$id',
      params: { tenant, id },
      search: message ? { message } : {},
    }),
  documents: (tenant: string) => linkOptions({ to: '/t/$tenant/documents', params: { tenant } }),
  document: (tenant: string, id: string) =>
    linkOptions({ to: '/t/$tenant/documents/$id', params: { tenant, id } }),
  journals: (tenant: string) => linkOptions({ to: '/t/$tenant/journals', params: { tenant } }),
  tasks: (tenant: string) => linkOptions({ to: '/t/$tenant/tasks', params: { tenant } }),
  learning: (tenant: string) => linkOptions({ to: '/t/$tenant/learning', params: { tenant } }),
  course: (tenant: string, id: string) =>
    linkOptions({ to: '/t/$tenant/learning/courses/$id', params: { tenant, id } }),
  study: (tenant: string, id: string, lesson?: string) =>
    linkOptions({
      to: '/t/$tenant/learning/courses/$id/study',
      params: { tenant, id },
      search: lesson ? { lesson } : {},
    }),
  authoring: (tenant: string) =>
    linkOptions({ to: '/t/$tenant/learning/authoring', params: { tenant } }),
  courseEditor: (tenant: string, id: string, tab?: 'settings' | 'learners') =>
    linkOptions({
      to: '/t/$tenant/learning/authoring/$id',
      params: { tenant, id },
      search: tab ? { tab } : {},
    }),
  lessonEditor: (tenant: string, id: string, lesson: string) =>
    linkOptions({
      to: '/t/$tenant/learning/authoring/$id/lessons/$lesson',
      params: { tenant, id, lesson },
    }),
  certificate: (token: string) => linkOptions({ to: '/certificate/$token', params: { token } }),
  room: (tenant: string, id: string) =>
    linkOptions({ to: '/t/$tenant/sessions/$id/room', params: { tenant, id } }),
};
