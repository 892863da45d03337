import { CalendarDays, CalendarPlus, Landmark } from 'lucide-react';
import { lazy } from 'react';
import { links, type ModuleEntry } from '#platform/shell';
import { bodiesEntryTexts } from './entry-texts';
import { permissions } from './permissions';

/** What elected bodies contribute to the frame. */
export const bodiesEntry: ModuleEntry = {
  id: 'bodies',
  nav: ({ tenant, may }, language) => {
    const t = bodiesEntryTexts[language];
    if (!may(permissions.view)) return [];
    return [
      { id: 'bodies', label: t.bodies, icon: Landmark, link: links.bodies(tenant.slug) },
      { id: 'sessions', label: t.sessions, icon: CalendarDays, link: links.sessions(tenant.slug) },
    ];
  },
  commands: ({ tenant, may }, language) => {
    const t = bodiesEntryTexts[language];
    if (!may(permissions.schedule)) return [];
    return [
      {
        id: 'bodies-schedule',
        label: t.scheduleAction,
        icon: CalendarPlus,
        link: links.scheduleSession(tenant.slug),
      },
    ];
  },
  homeCards: [
    { id: 'next-session', area: 'main', Card: lazy(() => import('./components/next-sessions')) },
    { id: 'my-bodies', area: 'side', Card: lazy(() => import('./components/my-bodies')) },
  ],
};
