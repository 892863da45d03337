import { BookOpen, FileText, ListChecks } from 'lucide-react';
import { lazy } from 'react';
import { links, type ModuleEntry } from '#platform/shell';
import { names } from './names';
import { permissions } from './permissions';

/** What documents contribute to the frame. */
export const documentsEntry: ModuleEntry = {
  id: 'documents',
  nav: ({ tenant, may }, language) => {
    const t = names[language];
    if (!may(permissions.takePart)) return [];
    const journals = {
      id: 'journals',
      label: t.journals,
      icon: BookOpen,
      link: links.journals(tenant.slug),
    };
    return [
      { id: 'documents', label: t.documents, icon: FileText, link: links.documents(tenant.slug) },
      { id: 'tasks', label: t.tasks, icon: ListChecks, link: links.tasks(tenant.slug) },
      ...(may(permissions.view) ? [journals] : []),
    ];
  },
  commands: () => [],
  homeCards: [
    { id: 'documents-waiting', area: 'side', Card: lazy(() => import('./components/waiting')) },
  ],
};
