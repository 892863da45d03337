import { Tabs } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useSocketState } from '#platform/client';
import { Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { AgendaView } from './agenda-view';
import type { LiveSession } from './documents';
import { QuorumMeter } from './quorum-meter';
import { Stage } from './stage';
import { sessionTexts } from './texts';

// Only those who preside load it.
const ChairConsole = lazy(() => import('./chair-console'));
// These come after the video: they are read between two items.
const PeopleView = lazy(async () => ({ default: (await import('./people-view')).PeopleView }));
const MeasuresCard = lazy(() => import('../measures/measures-card'));

/** The panel beside the video: quorum, what is going on, agenda, people, the chair's console. */
export function Proceedings(props: { session: LiveSession }) {
  const t = useTexts(sessionTexts);
  const { session } = props;
  const socket = useSocketState();
  const presides = session.viewerCan.preside;
  const [tab, setTab] = useState<string | null>(presides ? 'console' : 'agenda');

  useEffect(() => {
    if (!presides) setTab((open) => (open === 'console' ? 'agenda' : open));
  }, [presides]);

  return (
    <div className="proceedings">
      {socket === 'reconnecting' && (
        <div style={{ padding: '16px 20px 0' }}>
          <Note tone="warn">{t.stale}</Note>
        </div>
      )}
      <div style={{ padding: '16px 20px', borderBottom: '1px solid var(--plenum-line)' }}>
        <QuorumMeter quorum={session.quorum} />
      </div>
      <div style={{ padding: '16px 20px', borderBottom: '1px solid var(--plenum-line)' }}>
        <Stage session={session} />
      </div>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List>
          {presides && <Tabs.Tab value="console">{t.console}</Tabs.Tab>}
          <Tabs.Tab value="agenda">{t.agenda}</Tabs.Tab>
          <Tabs.Tab value="people">{t.people}</Tabs.Tab>
        </Tabs.List>
        {presides && (
          <Tabs.Panel value="console" p={20}>
            <Suspense>
              <ChairConsole session={session} />
            </Suspense>
          </Tabs.Panel>
        )}
        <Tabs.Panel value="agenda">
          <AgendaView
            session={session.id}
            agenda={session.agenda}
            started={session.state !== 'SCHEDULED'}
            over={session.state === 'CLOSED'}
          />
          {session.agenda.length > 0 && session.state !== 'CANCELLED' && (
            <div style={{ padding: 20 }}>
              <Suspense>
                <MeasuresCard
                  session={session.id}
                  state={session.state}
                  startsAt={session.startsAt}
                  changeable={presides && session.state !== 'CLOSED'}
                />
              </Suspense>
            </div>
          )}
        </Tabs.Panel>
        <Tabs.Panel value="people">
          <Suspense>
            <PeopleView
              attendance={session.attendance}
              notices={false}
              over={session.state === 'CLOSED'}
            />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
