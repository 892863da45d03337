import { lazy, type ReactNode, Suspense } from 'react';
import { useTenancy } from '#platform/session';
import AppFrame from '#platform/shell/app-frame';
import { modules } from './modules';

const DeletionNotice = lazy(() => import('#platform/admin/deletion-notice'));

/** The frame with what the modules contribute to it; apart from the first load of the sign-in. */
export default function Framed(props: { children: ReactNode }) {
  const { may } = useTenancy();
  return (
    <AppFrame modules={modules}>
      {may('exports.tenant') && (
        <Suspense>
          <DeletionNotice />
        </Suspense>
      )}
      {props.children}
    </AppFrame>
  );
}
