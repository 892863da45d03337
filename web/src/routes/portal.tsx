import { useTenancy } from '#platform/session';
import PortalPage from '../modules/members/portal/portal-page';
import { modules, on } from './modules';

/** The member's own page: the record of `members`, and what the other modules have for the viewer. */
export default function PortalRoute() {
  const { tenant } = useTenancy();
  return (
    <PortalPage
      cards={on(modules, tenant).flatMap(
        (entry) => entry.portalCards ?? entry.homeCards.filter((card) => card.area === 'main'),
      )}
    />
  );
}
