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
  members: (tenant: string) => linkOptions({ to: '/t/$tenant/members', params: { tenant } }),
  imports: (tenant: string) => linkOptions({ to: '/t/$tenant/members/import', params: { tenant } }),
  memberImport: (tenant: string, id: string) =>
    linkOptions({ to: '/t/$tenant/members/import/$id', params: { tenant, id } }),
  bodies: (tenant: string) => linkOptions({ to: '/t/$tenant/bodies', params: { tenant } }),
  body: (tenant: string, id: string) =>
    linkOptions({ to: '/t/$tenant/bodies/$id', params: { tenant, id } }),
  sessions: (tenant: string) => linkOptions({ to: '/t/$tenant/sessions', params: { tenant } }),
  scheduleSession: (tenant: string, body?: string) =>
    linkOptions({
      to: '/t/$tenant/sessions/new',
      params: { tenant },
      search: body ? { body } : {},
    }),
  session: (tenant: string, id: string) =>
    linkOptions({ to: '/t/$tenant/sessions/$id', params: { tenant, id } }),
  room: (tenant: string, id: string) =>
    linkOptions({ to: '/t/$tenant/sessions/$id/room', params: { tenant, id } }),
};
