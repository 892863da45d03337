import { createRoute, Outlet, redirect, useParams } from '@tanstack/react-router';
import { CombinedError } from '@urql/core';
import { Suspense } from 'react';
import { readFailure } from '#platform/client';
import { ListSkeleton } from '#platform/design';
import { loadTenantFacts, sessionFacts, TenantProvider } from '#platform/session';
import { links, NoTenantPage, NotFoundPage } from '#platform/shell';
import * as pages from './lazy-pages';
import { rootRoute } from './root';

/** Everything of one organization: signed in, and a member of it. */
export const tenantRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/t/$tenant',
  beforeLoad: async ({ location }) => {
    const facts = await sessionFacts();
    if (!facts.viewer) throw redirect(links.signIn(location.href));
  },
  loader: async ({ params }) => {
    try {
      const look = import('#platform/brand/look').then(({ loadLook }) => loadLook(params.tenant));
      const facts = await loadTenantFacts(params.tenant);
      await look;
      return facts;
    } catch (error) {
      if (error instanceof CombinedError) {
        const { code } = readFailure(error);
        // Not an unknown page but somebody else's organization: said in its own words.
        if (code === 'NOT_FOUND' || code === 'FORBIDDEN') return null;
      }
      throw error;
    }
  },
  staleTime: 60_000,
  component: function Tenant() {
    const facts = tenantRoute.useLoaderData();
    if (facts === null) return <NoTenantPage refused />;
    return (
      <TenantProvider facts={facts}>
        <Suspense>
          <pages.TenantBrand />
        </Suspense>
        <Outlet />
      </TenantProvider>
    );
  },
  notFoundComponent: NotFoundPage,
});

/** Pages with head and navigation. */
export const framedRoute = createRoute({
  getParentRoute: () => tenantRoute,
  id: 'framed',
  component: () => (
    <pages.Framed>
      <Suspense fallback={<ListSkeleton rows={10} />}>
        <Outlet />
      </Suspense>
    </pages.Framed>
  ),
  notFoundComponent: NotFoundPage,
});

export const homeRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: '/',
  component: () => <pages.HomePage />,
});

export const securityRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'security',
  component: () => <pages.SecurityPage inTenant />,
});

export const providerRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'security/provider',
  component: () => <pages.ProviderPage />,
});

export const adminRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'admin/$',
  component: function AdminRoute() {
    const { _splat } = adminRoute.useParams();
    return <pages.AdminPage path={_splat ?? ''} />;
  },
});

export const membersRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'members',
  component: () => <pages.RegisterPage />,
});

export const importsRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'members/import',
  component: () => <pages.ImportsPage />,
});

export const importRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'members/import/$id',
  component: function ImportRoute() {
    const { id } = importRoute.useParams();
    return <pages.ImportPage key={id} id={id} />;
  },
});

export const bodiesRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'bodies',
  component: () => <pages.BodiesPage />,
});

export const bodyRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'bodies/$id',
  component: function BodyRoute() {
    const { id } = bodyRoute.useParams();
    return <pages.BodyPage key={id} id={id} />;
  },
});

export const sessionsRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'sessions',
  component: () => <pages.SessionsPage />,
});

export const scheduleRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'sessions/new',
  validateSearch: (search: Record<string, unknown>): { body?: string } =>
    typeof search.body === 'string' ? { body: search.body } : {},
  component: function ScheduleRoute() {
    const { body } = scheduleRoute.useSearch();
    return <pages.SchedulePage body={body ?? null} />;
  },
});

export const sessionRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'sessions/$id',
  component: function SessionRoute() {
    const { id } = sessionRoute.useParams();
    return <pages.SessionPage key={id} id={id} />;
  },
});

export const recordingsRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'sessions/$id/recordings',
  component: function RecordingsRoute() {
    const { id } = recordingsRoute.useParams();
    return <pages.RecordingsRoute key={id} id={id} />;
  },
});

/** The list of chats stays while one after another is opened beside it. */
export const chatRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'chat',
  validateSearch: (search: Record<string, unknown>): { compose?: boolean; message?: number } => ({
    ...(search.compose === true ? { compose: true } : {}),
    ...(typeof search.message === 'number' ? { message: search.message } : {}),
  }),
  component: function ChatRoute() {
    const { id } = useParams({ strict: false });
    const { compose, message } = chatRoute.useSearch();
    return (
      <pages.ChatPage channel={id ?? null} message={message ?? null} compose={compose ?? false} />
    );
  },
});

export const channelRoute = createRoute({
  getParentRoute: () => chatRoute,
  path: '$id',
  component: () => null,
});

export const documentsRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'documents',
  component: () => <pages.DocumentsPage />,
});

export const documentRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'documents/$id',
  component: function DocumentRoute() {
    const { id } = documentRoute.useParams();
    return <pages.DocumentPage key={id} id={id} />;
  },
});

export const journalsRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'journals',
  component: () => <pages.JournalsPage />,
});

export const tasksRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'tasks',
  component: () => <pages.TasksPage />,
});

/** The room fills the window: no frame around it. */
export const roomRoute = createRoute({
  getParentRoute: () => tenantRoute,
  path: 'sessions/$id/room',
  component: function RoomRoute() {
    const { id } = roomRoute.useParams();
    return (
      <Suspense fallback={<ListSkeleton rows={10} />}>
        <pages.MeetingRoute key={id} id={id} />
      </Suspense>
    );
  },
});

export const campaignsRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: '/mailings',
  component: () => <pages.CampaignsPage />,
});

export const mailingListsRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: '/mailings/lists',
  component: () => <pages.MailingListsPage />,
});

export const campaignRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: '/mailings/$id',
  component: function CampaignRoute() {
    const { id } = campaignRoute.useParams();
    return <pages.CampaignPage key={id} id={id} />;
  },
});
