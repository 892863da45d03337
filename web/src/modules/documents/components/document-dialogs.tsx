import { lazy, Suspense } from 'react';
import type { FullDocument } from '../documents';
import { RegisterDialog, ResolutionDialog, VersionDialog } from './dialogs';

const EditDialog = lazy(() => import('./edit-dialog'));
const RouteDialog = lazy(() => import('./route-dialog'));
const SendDialog = lazy(() => import('./send-dialog'));

/** What can be asked on a document's page. */
export type DocumentDialog = 'edit' | 'register' | 'version' | 'route' | 'send' | 'resolution';

/** The dialogs of a document's page: loaded when the first of them is opened. */
export default function DocumentDialogs(props: {
  document: FullDocument;
  open: DocumentDialog | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const { open, ...rest } = props;
  return (
    <>
      <RegisterDialog {...rest} opened={open === 'register'} />
      <VersionDialog {...rest} opened={open === 'version'} />
      <ResolutionDialog {...rest} opened={open === 'resolution'} />
      {open === 'edit' && (
        <Suspense>
          <EditDialog {...rest} />
        </Suspense>
      )}
      {open === 'send' && (
        <Suspense>
          <SendDialog {...rest} opened />
        </Suspense>
      )}
      {open === 'route' && (
        <Suspense>
          <RouteDialog
            document={rest.document.id}
            opened
            onClose={rest.onClose}
            onDone={rest.onDone}
          />
        </Suspense>
      )}
    </>
  );
}
