import { FailureState, ListSkeleton } from '#platform/design';
import { useTenancy } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import { useLiveSession } from '../modules/bodies/live/use-live-session';
import RecordingsPage from '../modules/meetings/pages/recordings-page';

/** Where two modules meet on one page: the recordings of `meetings`, under the name of the session of `bodies`. */
export default function RecordingsRoute(props: { id: string }) {
  const { tenant } = useTenancy();
  const { session, failure, loading, retry } = useLiveSession(props.id);
  if (failure) return <FailureState failure={failure} onRetry={retry} />;
  if (!session) return loading ? <ListSkeleton rows={12} /> : <NotFoundPage />;
  return (
    <RecordingsPage
      session={session.id}
      title={`${session.body.name}: ${session.title}`}
      over={session.state === 'CLOSED' || session.state === 'CANCELLED'}
      back={links.session(tenant.slug, session.id)}
    />
  );
}
