import { ArrowRightLeft, FileUp, Inbox, UserPlus, UserRound, Users } from 'lucide-react';
import { lazy } from 'react';
import { links, type ModuleEntry } from '#platform/shell';
import { membersEntryTexts } from './entry-texts';
import { permissions } from './permissions';

/** What the register contributes to the frame. */
export const membersEntry: ModuleEntry = {
  id: 'members',
  nav: ({ tenant, may }, language) => {
    const t = membersEntryTexts[language];
    return [
      ...(may(permissions.portal)
        ? [{ id: 'portal', label: t.portal, icon: UserRound, link: links.portal(tenant.slug) }]
        : []),
      ...(may(permissions.view)
        ? [{ id: 'members', label: t.register, icon: Users, link: links.members(tenant.slug) }]
        : []),
    ];
  },
  commands: ({ tenant, may }, language) => {
    const t = membersEntryTexts[language];
    const all = [
      {
        id: 'members-import',
        label: t.importAction,
        icon: FileUp,
        link: links.imports(tenant.slug),
        needs: permissions.import,
      },
      {
        id: 'members-add',
        label: t.addMember,
        icon: UserPlus,
        link: links.newMember(tenant.slug),
        needs: permissions.edit,
      },
      {
        id: 'members-corrections',
        label: t.corrections,
        icon: Inbox,
        link: links.corrections(tenant.slug),
        needs: permissions.approve,
      },
      {
        id: 'members-transfers',
        label: t.transfers,
        icon: ArrowRightLeft,
        link: links.transfers(tenant.slug),
        needs: permissions.transfer,
      },
    ];
    return all.filter(({ needs }) => may(needs)).map(({ needs: _, ...command }) => command);
  },
  homeCards: [
    { id: 'register', area: 'side', Card: lazy(() => import('./components/register-card')) },
  ],
  // The portal itself is made of this module's pages.
  portalCards: [],
};
