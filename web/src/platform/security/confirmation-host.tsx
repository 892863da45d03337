import { lazy, Suspense, useEffect, useState } from 'react';
import { whenConfirmationNeeded } from '#platform/client';

const ConfirmDialog = lazy(() => import('./confirm-dialog'));

type Pending = { answer: (confirmed: boolean) => void };

/** Where the app asks the person to prove that it is them; once per app. */
export function ConfirmationHost() {
  const [pending, setPending] = useState<Pending | null>(null);
  useEffect(() => {
    whenConfirmationNeeded(
      () =>
        new Promise((resolve) => {
          setPending({
            answer: (confirmed) => {
              setPending(null);
              resolve(confirmed);
            },
          });
        }),
    );
  }, []);
  if (!pending) return null;
  return (
    <Suspense>
      <ConfirmDialog onAnswer={pending.answer} />
    </Suspense>
  );
}
