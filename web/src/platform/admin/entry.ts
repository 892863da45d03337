import { Settings } from 'lucide-react';
import { links, type ModuleEntry } from '#platform/shell';

/** Whoever holds one of them finds a page there. */
const places = ['tenancy.people', 'audit.view', 'tenancy.settings'] as const;

/** The settings of an organization, for those who see its access or its audit, or set it up. */
export const adminEntry: ModuleEntry = {
  id: 'admin',
  nav: ({ tenant, may }, language) => {
    if (!places.some((permission) => may(permission))) return [];
    return [
      {
        id: 'admin',
        label: language === 'ru' ? 'Управление' : 'Administration',
        icon: Settings,
        // Their root and not the first of them: the place is marked on all of them.
        link: links.admin(tenant.slug, ''),
      },
    ];
  },
  commands: () => [],
  homeCards: [],
};
