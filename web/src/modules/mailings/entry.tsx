import { Mails } from 'lucide-react';
import { links, type ModuleEntry } from '#platform/shell';
import { mailingsEntryTexts } from './entry-texts';
import { permissions } from './permissions';

/** What mailings contribute to the frame. */
export const mailingsEntry: ModuleEntry = {
  id: 'mailings',
  nav: ({ tenant, may }, language) =>
    may(permissions.view)
      ? [
          {
            id: 'mailings',
            label: mailingsEntryTexts[language].mailings,
            icon: Mails,
            link: links.campaigns(tenant.slug),
          },
        ]
      : [],
  commands: () => [],
  homeCards: [],
};
