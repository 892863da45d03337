import { GraduationCap, NotebookPen } from 'lucide-react';
import { lazy } from 'react';
import { links, type ModuleEntry } from '#platform/shell';
import { entryTexts } from './entry-texts';
import { permissions } from './permissions';

/** What learning contributes to the frame. */
export const learningEntry: ModuleEntry = {
  id: 'learning',
  nav: ({ tenant, may }, language) => {
    if (!may(permissions.view)) return [];
    const t = entryTexts[language];
    return [
      { id: 'learning', label: t.learning, icon: GraduationCap, link: links.learning(tenant.slug) },
    ];
  },
  commands: ({ tenant, may }, language) => {
    if (!may(permissions.author)) return [];
    const t = entryTexts[language];
    return [
      {
        id: 'learning-authoring',
        label: t.authoring,
        icon: NotebookPen,
        link: links.authoring(tenant.slug),
      },
    ];
  },
  homeCards: [
    { id: 'my-courses', area: 'main', Card: lazy(() => import('./components/my-courses-card')) },
  ],
};
