import { Button, Group } from '@mantine/core';
import { DoorOpen, FileCheck } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useClient } from 'urql';
import { useFailureText } from '#platform/client';
import { EmptyState, ListSkeleton } from '#platform/design';
import { useTexts } from '#platform/languages';
import type { RoomCloseReason } from '#platform/media/room-client';
import type { links } from '#platform/shell';
import { DeviceCheck } from '../check/device-check';
import { usePreview } from '../check/use-preview';
import { type Admission, askAdmission } from '../room/admission';
import { meetingTexts } from '../texts';
import '../room/room.css';

const room = () => import('../room/joined-room');
const JoinedRoom = lazy(room);

type Stage =
  | { step: 'check' }
  | { step: 'room'; admission: Admission }
  | { step: 'closed'; reason: RoomCloseReason };

/** Device check, then the room, then a word of farewell. */
export default function MeetingPage(props: {
  session: string;
  title: string;
  /** The session is closed or cancelled. */
  over: boolean;
  viewer: { name: string; organization: string | null };
  back: ReturnType<typeof links.session>;
  onBack: () => void;
  panel: ReactNode;
}) {
  const t = useTexts(meetingTexts);
  const failureText = useFailureText();
  const client = useClient();
  const [stage, setStage] = useState<Stage>({ step: 'check' });
  const [entering, setEntering] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  useEffect(() => {
    // It comes while devices are looked at; one that does not come now is asked for again at the door.
    room().catch(() => {});
  }, []);
  const preview = usePreview(stage.step === 'check' && !props.over);

  async function enter() {
    setEntering(true);
    setRefusal(null);
    const outcome = await askAdmission(client, props.session);
    setEntering(false);
    if ('admission' in outcome) setStage({ step: 'room', admission: outcome.admission });
    else setRefusal(outcome.refused === 'closed' ? t.closed : failureText(outcome.failure));
  }

  if (props.over) {
    return <Farewell title={t.endedTitle} text={t.endedText} onBack={props.onBack} />;
  }
  switch (stage.step) {
    case 'check':
      return (
        <DeviceCheck
          title={props.title}
          back={props.back}
          preview={preview}
          entering={entering}
          refusal={refusal}
          onEnter={() => void enter()}
        />
      );
    case 'room':
      return (
        <Suspense fallback={<ListSkeleton rows={12} />}>
          <JoinedRoom
            session={props.session}
            admission={stage.admission}
            choice={preview.choice}
            viewer={props.viewer}
            title={props.title}
            panel={props.panel}
            onClosed={(reason) => setStage({ step: 'closed', reason })}
          />
        </Suspense>
      );
    case 'closed': {
      const [title, text] = {
        left: [t.leftTitle, t.leftText] as const,
        replaced: [t.replacedTitle, t.replacedText] as const,
        refused: [t.refusedTitle, t.refusedText] as const,
        room_closed: [t.endedTitle, t.endedText] as const,
      }[stage.reason];
      return (
        <Farewell
          title={title}
          text={text}
          onBack={props.onBack}
          onRejoin={stage.reason === 'room_closed' ? undefined : () => setStage({ step: 'check' })}
        />
      );
    }
  }
}

function Farewell(props: {
  title: string;
  text: string;
  onBack: () => void;
  onRejoin?: () => void;
}) {
  const t = useTexts(meetingTexts);
  return (
    <main id="main" className="room-end">
      <div className="card" style={{ width: 'min(560px, 100%)' }}>
        <EmptyState
          icon={props.onRejoin ? DoorOpen : FileCheck}
          title={props.title}
          text={props.text}
          action={
            <Group justify="center">
              {props.onRejoin && <Button onClick={props.onRejoin}>{t.rejoin}</Button>}
              <Button variant={props.onRejoin ? 'default' : 'filled'} onClick={props.onBack}>
                {t.toSession}
              </Button>
            </Group>
          }
        />
      </div>
    </main>
  );
}
