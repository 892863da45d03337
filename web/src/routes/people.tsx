import { createRoute } from '@tanstack/react-router';
import * as pages from './lazy-pages';
import { framedRoute } from './tenant';

// Records of members, their own pages, and their dues.

export const newMemberRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'members/new',
  component: () => <pages.NewMemberPage />,
});

export const correctionsRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'members/corrections',
  component: () => <pages.CorrectionsPage />,
});

export const transfersRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'members/transfers',
  component: () => <pages.TransfersPage />,
});

export const memberRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'members/$id',
  component: function MemberRoute() {
    const { id } = memberRoute.useParams();
    return <pages.MemberRoute key={id} id={id} />;
  },
});

export const portalRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'me',
  component: () => <pages.PortalRoute />,
});

export const myCardRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'me/card',
  component: () => <pages.MyCardPage />,
});

export const myDuesRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'me/dues',
  component: () => <pages.MyDuesPage />,
});

export const duesRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'dues',
  component: () => <pages.DuesPage />,
});

export const debtorsRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'dues/debtors',
  component: () => <pages.DebtorsPage />,
});

export const chargeRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'dues/charge',
  component: () => <pages.ChargePage />,
});

export const bankListsRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'dues/bank',
  component: () => <pages.BankListsPage />,
});

export const bankListRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'dues/bank/$id',
  component: function BankListRoute() {
    const { id } = bankListRoute.useParams();
    return <pages.BankListPage key={id} id={id} />;
  },
});

export const memberDuesRoute = createRoute({
  getParentRoute: () => framedRoute,
  path: 'dues/members/$id',
  component: function MemberDuesRoute() {
    const { id } = memberDuesRoute.useParams();
    return <pages.MemberDuesPage key={id} member={id} />;
  },
});
