import { Settings } from 'lucide-react';
import { links, type ModuleEntry } from '#platform/shell';

/** The settings of an organization, for those who see its access or its audit, or set it up. */
export const adminEntry: ModuleEntry = {
  id: 'admin',
  nav: ({ tenant, may }, language) => {
    const first = may('tenancy.people')
      ? 'people'
      : may('audit.view')
        ? 'audit'
        : may('tenancy.settings')
          ? 'organization'
          : null;
    if (first === null) return [];
    return [
      {
        id: 'admin',
        label: language === 'ru' ? 'Управление' : 'Administration',
        icon: Settings,
        link: links.admin(tenant.slug, first),
      },
    ];
  },
  commands: () => [],
  homeCards: [],
};
