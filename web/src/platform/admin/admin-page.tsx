import { Link, Navigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { ListSkeleton } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import './admin.css';
import { adminTexts } from './texts';

const PeoplePage = lazy(() => import('./people-page'));
const PersonPage = lazy(() => import('./person-page'));
const InvitationsPage = lazy(() => import('./invitations-page'));
const RolesPage = lazy(() => import('./roles-page'));
const RolePage = lazy(() => import('./role-page'));
const RoleEditor = lazy(() => import('./role-editor'));
const WhoCanPage = lazy(() => import('./who-can-page'));
const TenantsPage = lazy(() => import('./tenants-page'));
const OrganizationPage = lazy(() => import('./organization-page'));
const AuditPage = lazy(() => import('./audit-page'));
const ExportPage = lazy(() => import('./export-page'));

/**
 * The settings of an organization. Their pages are told apart here and not by routes of their own:
 * every route is part of the first load, and few people ever come here.
 */
export default function AdminPage(props: { path: string }) {
  const t = useTexts(adminTexts);
  const { tenant, may } = useTenancy();
  const access = may('tenancy.people');
  const audit = may('audit.view');
  const everything = may('exports.tenant');
  const settings = may('tenancy.settings');
  const federation = tenant.isFederation && may('federation.oversee');
  const places = [
    { path: 'people', label: t.people, allowed: access },
    { path: 'invitations', label: t.invitations, allowed: access },
    { path: 'roles', label: t.roles, allowed: access },
    { path: 'who-can', label: t.whoCan, allowed: access },
    { path: 'audit', label: t.audit, allowed: audit },
    { path: 'organization', label: t.organization, allowed: settings },
    { path: 'export', label: t.export, allowed: everything },
    { path: 'tenants', label: t.tenants, allowed: federation },
  ].filter((place) => place.allowed);
  const [first] = places;
  if (!props.path && first) return <Navigate {...links.admin(tenant.slug, first.path)} replace />;
  return (
    <>
      <nav className="admin-tabs" aria-label={t.settings}>
        {places.map((place) => (
          <Link key={place.path} {...links.admin(tenant.slug, place.path)}>
            {place.label}
          </Link>
        ))}
      </nav>
      <Suspense fallback={<ListSkeleton rows={8} />}>
        {props.path === 'export' && everything ? (
          <ExportPage />
        ) : (
          <Place
            path={props.path}
            access={access}
            audit={audit}
            settings={settings}
            federation={federation}
          />
        )}
      </Suspense>
    </>
  );
}

function Place(props: {
  path: string;
  access: boolean;
  audit: boolean;
  settings: boolean;
  federation: boolean;
}) {
  const [place, id, of] = props.path.split('/');
  if (props.access) {
    if (place === 'people') return id ? <PersonPage key={id} account={id} /> : <PeoplePage />;
    if (place === 'invitations') return <InvitationsPage />;
    if (place === 'roles' && id === 'new') return <RoleEditor key={of} copied={of ?? null} />;
    if (place === 'roles' && id && of === 'edit') return <RoleEditor key={id} edited={id} />;
    if (place === 'roles') return id ? <RolePage key={id} role={id} /> : <RolesPage />;
    if (place === 'who-can') return <WhoCanPage />;
  }
  if (props.audit && place === 'audit') return <AuditPage />;
  if (props.settings && place === 'organization') return <OrganizationPage />;
  if (props.federation && place === 'tenants') return <TenantsPage />;
  return <NotFoundPage />;
}
