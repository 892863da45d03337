import { createRouter } from '@tanstack/react-router';
import * as entry from './entry';
import { rootRoute } from './root';
import * as tenant from './tenant';

const routeTree = rootRoute.addChildren([
  entry.indexRoute,
  entry.signInRoute,
  entry.resetPasswordRoute,
  entry.mailboxRoute,
  entry.noticeRoute,
  tenant.tenantRoute.addChildren([
    tenant.roomRoute,
    tenant.framedRoute.addChildren([
      tenant.homeRoute,
      tenant.membersRoute,
      tenant.importsRoute,
      tenant.importRoute,
      tenant.bodiesRoute,
      tenant.bodyRoute,
      tenant.sessionsRoute,
      tenant.scheduleRoute,
      tenant.sessionRoute,
    ]),
  ]),
]);

/** The router; the compiler checks every link against its routes. */
export const router = createRouter({
  routeTree,
  scrollRestoration: true,
  defaultPendingMs: 200,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
