import { MessageSquarePlus, MessagesSquare } from 'lucide-react';
import { lazy } from 'react';
import { links, type ModuleEntry } from '#platform/shell';
import { permissions } from './permissions';
import { chatNavTexts } from './texts.nav';

const Badge = lazy(() => import('./components/unread-badge'));

/** What conversations contribute to the frame. */
export const chatEntry: ModuleEntry = {
  id: 'chat',
  nav: ({ tenant, may }, language) => {
    if (!may(permissions.takePart)) return [];
    const label = chatNavTexts[language].chat;
    return [{ id: 'chat', label, icon: MessagesSquare, link: links.chat(tenant.slug), Badge }];
  },
  commands: ({ tenant, may }, language) => {
    if (!may(permissions.takePart)) return [];
    const label = chatNavTexts[language].write;
    const link = links.chat(tenant.slug, { compose: true });
    return [{ id: 'chat-write', label, icon: MessageSquarePlus, link }];
  },
  homeCards: [],
};
