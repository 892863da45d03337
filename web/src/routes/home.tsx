import HomePage from '#platform/home/home-page';
import { useSessionFacts, useTenancy } from '#platform/session';
import { PortalRoute } from './lazy-pages';
import { modules, on } from './modules';

/** The home page with the modules' cards; for those who are members and nothing else, their own page. */
export default function HomeRoute() {
  const { tenant, may } = useTenancy();
  const access = useSessionFacts()?.viewer?.tenants.find((one) => one.tenant.id === tenant.id);
  const onlyMember = access?.roles.every((role) => role === 'member') ?? false;
  return onlyMember && may('members.portal') ? (
    <PortalRoute />
  ) : (
    <HomePage modules={on(modules, tenant)} />
  );
}
