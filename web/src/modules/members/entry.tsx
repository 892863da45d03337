import { FileUp, Users } from 'lucide-react';
import { lazy } from 'react';
import { links, type ModuleEntry } from '#platform/shell';
import { permissions } from './permissions';
import { membersTexts } from './texts';

/** What the register contributes to the frame. */
export const membersEntry: ModuleEntry = {
  id: 'members',
  nav: ({ tenant, may }, language) => {
    const t = membersTexts[language];
    if (!may(permissions.view)) return [];
    return [{ id: 'members', label: t.register, icon: Users, link: links.members(tenant.slug) }];
  },
  commands: ({ tenant, may }, language) => {
    const t = membersTexts[language];
    if (!may(permissions.import)) return [];
    return [
      {
        id: 'members-import',
        label: t.importAction,
        icon: FileUp,
        link: links.imports(tenant.slug),
      },
    ];
  },
  homeCards: [
    { id: 'register', area: 'side', Card: lazy(() => import('./components/register-card')) },
  ],
};
