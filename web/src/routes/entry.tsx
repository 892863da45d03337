import { createRoute, redirect, useRouter } from '@tanstack/react-router';
import { sessionFacts } from '#platform/session';
import { links, NoTenantPage } from '#platform/shell';
import * as pages from './lazy-pages';
import { rootRoute } from './root';
import { safeReturn } from './safe-return';

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { return?: string } => {
    const target = safeReturn(search.return);
    return target ? { return: target } : {};
  },
  beforeLoad: async ({ search }) => {
    const facts = await sessionFacts();
    const target = search.return ?? '/';
    if (facts.viewer) throw redirect({ href: target, reloadDocument: target.startsWith('/oidc/') });
  },
  component: function SignInRoute() {
    const router = useRouter();
    const search = signInRoute.useSearch();
    return (
      <pages.SignInPage
        onSignedIn={() => {
          const target = search.return ?? '/';
          // Another site asked: the server answers it, not a page of this app.
          if (target.startsWith('/oidc/')) location.assign(target);
          else void router.navigate({ href: target });
        }}
      />
    );
  },
});

/** For pages of those who are signed in, wherever they belong. */
export async function signedIn({ location }: { location: { href: string } }) {
  const facts = await sessionFacts();
  if (!facts.viewer) throw redirect(links.signIn(location.href));
}

/** The token of a letter's link. */
const tokenOf = (search: Record<string, unknown>): { token?: string } =>
  typeof search.token === 'string' ? { token: search.token } : {};

export const resetPasswordRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/reset-password',
  validateSearch: tokenOf,
  component: function ResetPasswordRoute() {
    const router = useRouter();
    const { token } = resetPasswordRoute.useSearch();
    return (
      <pages.ResetPasswordPage
        token={token ?? null}
        onSaved={() => void router.navigate(links.signIn())}
      />
    );
  },
});

/** Public: where the link of a letter leads that confirms an address. */
export const confirmEmailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/confirm-email',
  validateSearch: tokenOf,
  component: function ConfirmEmailRoute() {
    const router = useRouter();
    const { token } = confirmEmailRoute.useSearch();
    return (
      <pages.ConfirmEmailPage
        token={token ?? ''}
        onDone={() => void router.navigate({ href: '/security' })}
      />
    );
  },
});

/** Public: where the link of an invitation into an organization leads. */
export const offerRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation/$organization',
  component: () => <pages.OfferPage />,
});

export const mailboxRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/mailbox',
  validateSearch: (search: Record<string, unknown>): { letter?: string } =>
    typeof search.letter === 'string' ? { letter: search.letter } : {},
  component: function MailboxRoute() {
    const { letter } = mailboxRoute.useSearch();
    return <pages.MailboxPage letter={letter ?? null} />;
  },
});

/** The address without a path leads to the viewer's first organization. */
export const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: async () => {
    const facts = await sessionFacts();
    if (!facts.viewer) throw redirect(links.signIn());
    const first = facts.viewer.tenants[0];
    if (first) throw redirect(links.home(first.tenant.slug));
  },
  component: () => <NoTenantPage refused={false} />,
});

/** Where letters about an account lead: they know of no organization. */
export const accountSecurityRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/security',
  beforeLoad: async ({ location }) => {
    const facts = await sessionFacts();
    if (!facts.viewer) throw redirect(links.signIn(location.href));
    const first = facts.viewer.tenants[0];
    if (first) throw redirect(links.security(first.tenant.slug));
  },
  component: function AccountSecurityRoute() {
    return (
      <main id="main" style={{ padding: 20 }}>
        <pages.SecurityPage />
      </main>
    );
  },
});

/** Whoever reads the QR code of a membership card lands here, signed in or not. */
export const verifyCardRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/verify/card/$token',
  component: function VerifyCardRoute() {
    const { token } = verifyCardRoute.useParams();
    return <pages.VerifyCardPage key={token} token={token} />;
  },
});

/** Public: where the link of a session's broadcast leads. */
export const watchRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/watch/$organization/$key',
  component: () => <pages.WatchPage />,
});

export const noticeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/n/$token',
  beforeLoad: signedIn,
  component: function NoticeRoute() {
    const { token } = noticeRoute.useParams();
    return <pages.NoticePage token={token} />;
  },
});

/** Public: where the link of a mailing's letter leads. */
export const unsubscribeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/unsubscribe/$token',
  component: function UnsubscribeRoute() {
    const { token } = unsubscribeRoute.useParams();
    return <pages.UnsubscribePage token={token} />;
  },
});
