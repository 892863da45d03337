import { Coins, HandCoins, Landmark } from 'lucide-react';
import { lazy } from 'react';
import { links, type ModuleEntry } from '#platform/shell';
import { duesEntryTexts } from './entry-texts';
import { permissions } from './permissions';

/** What dues contribute to the frame. */
export const duesEntry: ModuleEntry = {
  id: 'dues',
  nav: ({ tenant, may }, language) => {
    if (!may(permissions.view)) return [];
    const t = duesEntryTexts[language];
    return [{ id: 'dues', label: t.dues, icon: Coins, link: links.dues(tenant.slug) }];
  },
  commands: ({ tenant, may }, language) => {
    const t = duesEntryTexts[language];
    return [
      ...(may(permissions.charge)
        ? [
            {
              id: 'dues-charge',
              label: t.charge,
              icon: HandCoins,
              link: links.chargeDues(tenant.slug),
            },
          ]
        : []),
      ...(may(permissions.record)
        ? [
            {
              id: 'dues-bank',
              label: t.bank,
              icon: Landmark,
              link: links.bankLists(tenant.slug),
            },
          ]
        : []),
    ];
  },
  homeCards: [],
  portalCards: [{ id: 'my-dues', Card: lazy(() => import('./components/my-dues-card')) }],
};
