import { useNavigate } from '@tanstack/react-router';
import { FailureState, ListSkeleton } from '#platform/design';
import { useSessionFacts, useTenancy } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import { Proceedings } from '../modules/bodies/live/proceedings';
import { useLiveSession } from '../modules/bodies/live/use-live-session';
import MeetingPage from '../modules/meetings/pages/meeting-page';

/**
 * Where two modules meet on one page: `meetings` brings the video, `bodies` the proceedings beside
 * it. Neither knows the other.
 */
export default function MeetingRoute(props: { id: string }) {
  const { tenant } = useTenancy();
  const name = useSessionFacts()?.viewer?.account.displayName ?? '';
  const navigate = useNavigate();
  const { session, failure, loading, retry } = useLiveSession(props.id);
  if (failure) return <FailureState failure={failure} onRetry={retry} />;
  if (!session) return loading ? <ListSkeleton rows={12} /> : <NotFoundPage />;
  const own = session.attendance.find(({ seat }) => seat.isViewer)?.seat;
  const back = links.session(tenant.slug, session.id);
  return (
    <MeetingPage
      session={session.id}
      title={`${session.body.name}: ${session.title}`}
      over={session.state === 'CLOSED' || session.state === 'CANCELLED'}
      viewer={{ name: own?.fullName ?? name, organization: own?.organization ?? null }}
      back={back}
      onBack={() => void navigate(back)}
      panel={<Proceedings session={session} />}
    />
  );
}
