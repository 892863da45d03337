import { createRouter } from '@tanstack/react-router';
import * as entry from './entry';
import * as learning from './learning';
import * as people from './people';
import { rootRoute } from './root';
import * as tenant from './tenant';

const routeTree = rootRoute.addChildren([
  entry.indexRoute,
  entry.signInRoute,
  entry.resetPasswordRoute,
  entry.confirmEmailRoute,
  entry.offerRoute,
  entry.mailboxRoute,
  entry.accountSecurityRoute,
  entry.noticeRoute,
  entry.verifyCardRoute,
  entry.watchRoute,
  entry.unsubscribeRoute,
  learning.certificateRoute,
  learning.certificateCodeRoute,
  learning.invitationRoute,
  learning.courseLinkRoute,
  tenant.tenantRoute.addChildren([
    tenant.roomRoute,
    learning.studyRoute,
    tenant.framedRoute.addChildren([
      tenant.homeRoute,
      tenant.securityRoute,
      tenant.adminRoute,
      tenant.providerRoute,
      tenant.membersRoute,
      tenant.importsRoute,
      tenant.importRoute,
      people.newMemberRoute,
      people.correctionsRoute,
      people.transfersRoute,
      people.memberRoute,
      people.portalRoute,
      people.myCardRoute,
      people.myDuesRoute,
      people.duesRoute,
      people.debtorsRoute,
      people.chargeRoute,
      people.bankListsRoute,
      people.bankListRoute,
      people.memberDuesRoute,
      tenant.bodiesRoute,
      tenant.bodyRoute,
      tenant.sessionsRoute,
      tenant.scheduleRoute,
      tenant.sessionRoute,
      tenant.recordingsRoute,
      tenant.chatRoute.addChildren([tenant.channelRoute]),
      tenant.documentsRoute,
      tenant.documentRoute,
      tenant.journalsRoute,
      tenant.tasksRoute,
      tenant.campaignsRoute,
      tenant.mailingListsRoute,
      tenant.campaignRoute,
      learning.learningRoute,
      learning.courseRoute,
      learning.authoringRoute,
      learning.courseEditorRoute,
      learning.lessonEditorRoute,
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
