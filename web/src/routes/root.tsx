import { createRootRoute, Outlet } from '@tanstack/react-router';
import { Suspense } from 'react';
import { ListSkeleton } from '#platform/design';
import { sessionFacts } from '#platform/session';
import { FaultPage, NotFoundPage } from '#platform/shell';

/** Every page knows who is signed in before it is drawn. */
export const rootRoute = createRootRoute({
  beforeLoad: async () => {
    await sessionFacts();
  },
  component: () => (
    <Suspense fallback={<ListSkeleton rows={8} />}>
      <Outlet />
    </Suspense>
  ),
  errorComponent: ({ error }) => <FaultPage error={error} />,
  notFoundComponent: NotFoundPage,
});
