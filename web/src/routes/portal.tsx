import PortalPage from '../modules/members/portal/portal-page';
import { modules } from './modules';

/** The member's own page: the record of `members`, and what the other modules have for the viewer. */
export default function PortalRoute() {
  return (
    <PortalPage
      cards={modules.flatMap(
        (entry) => entry.portalCards ?? entry.homeCards.filter((card) => card.area === 'main'),
      )}
    />
  );
}
