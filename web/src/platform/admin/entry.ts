import { Settings } from 'lucide-react';
import { links, type ModuleEntry } from '#platform/shell';

/** The settings of an organization, for those who see its access or its audit. */
export const adminEntry: ModuleEntry = {
  id: 'admin',
  nav: ({ tenant, may }, language) => {
    if (!may('tenancy.people') && !may('audit.view')) return [];
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
