import { Film, Lock } from 'lucide-react';
import type { Failure } from '#platform/client';
import { EmptyState, FailureState, ListSkeleton, Note, Page } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import type { links } from '#platform/shell';
import { RecordingRow } from '../recordings/recording-row';
import '../recordings/recordings.css';
import { recordingTexts } from '../recordings/texts';
import { type Recordings, useRecordings } from '../recordings/use-recordings';

/** What was recorded of a session: to watch, to take along, and for those who may, to keep or remove. */
export default function RecordingsPage(props: {
  session: string;
  title: string;
  /** The session is closed or cancelled. */
  over: boolean;
  back: ReturnType<typeof links.session>;
}) {
  const t = useTexts(recordingTexts);
  const of = useRecordings(props.session);
  return (
    <Page title={t.title} subtitle={props.title} back={{ label: t.back, link: props.back }}>
      {of.recordings ? (
        <List of={of} over={props.over} />
      ) : of.failure ? (
        <Refused failure={of.failure} onRetry={of.retry} />
      ) : (
        <ListSkeleton rows={8} />
      )}
    </Page>
  );
}

/** Whoever sees the session need not see what was said in it. */
function Refused(props: { failure: Failure; onRetry: () => void }) {
  const t = useTexts(recordingTexts);
  const { failure, onRetry } = props;
  if (failure.code !== 'FORBIDDEN' && failure.reason !== 'not_invited') {
    return <FailureState failure={failure} onRetry={onRetry} />;
  }
  return (
    <div className="card">
      <EmptyState icon={Lock} title={t.refusedTitle} text={t.refusedText} />
    </div>
  );
}

function List(props: { of: Recordings; over: boolean }) {
  const t = useTexts(recordingTexts);
  const format = useFormat();
  const { of, over } = props;
  if (!of.recordings) return null;
  const { recordings, recordingSince, canManage } = of.recordings;
  if (recordings.length === 0 && recordingSince === null) {
    const hint = canManage ? t.emptyManager : t.emptyReader;
    return (
      <div className="card">
        <EmptyState icon={Film} title={t.emptyTitle} text={over ? t.emptyOver : hint} />
      </div>
    );
  }
  return (
    <>
      {recordingSince !== null && (
        <div role="status" style={{ marginBottom: 16 }}>
          <Note>{t.beingMade(format.time(recordingSince))}</Note>
        </div>
      )}
      <ul className="recordings" data-testid="recordings">
        {recordings.map((recording) => (
          <li key={recording.id} className="card card-padded">
            <RecordingRow recording={recording} of={of} />
          </li>
        ))}
      </ul>
    </>
  );
}
