import { Button, Group, Stack, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import {
  ChevronDown,
  ChevronUp,
  FilePlus2,
  Hash,
  Pencil,
  Route,
  Send,
  UserCheck,
} from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useQuery, useSubscription } from 'urql';
import { readFailure } from '#platform/client';
import { Card, FailureState, ListSkeleton, Page, StateBadge } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import { CardFacts, Dispatches, History, Signatures, Versions } from '../components/details';
import type { DocumentDialog } from '../components/document-dialogs';
import { keyStep, neighbours, typing } from '../components/neighbours';
import { Preview } from '../components/preview';
import { RouteView } from '../components/route-view';
import { documentState } from '../components/state-tones';
import { TaskCard } from '../components/task-card';
import { YourTurn } from '../components/your-turn';
import { DocumentPushes, DocumentQuery } from '../documents';
import '../documents.css';
import { documentsTexts } from '../texts';

const DocumentDialogs = lazy(() => import('../components/document-dialogs'));

/** One document: preview beside the card, route, signatures, tasks, exchange. Follows what happens live. */
export default function DocumentPage(props: { id: string }) {
  const t = useTexts(documentsTexts);
  const navigate = useNavigate();
  const { tenant } = useTenancy();
  const [dialog, setDialog] = useState<DocumentDialog | null>(null);
  const [asked, setAsked] = useState(false);
  const [{ data, error, fetching }, refetch] = useQuery({
    query: DocumentQuery,
    variables: { id: props.id },
    requestPolicy: 'cache-and-network',
  });
  const [pushes] = useSubscription({ query: DocumentPushes, variables: { id: props.id } });
  const again = () => refetch({ requestPolicy: 'network-only' });
  const pushed = pushes.data;
  useEffect(() => {
    if (pushed) refetch({ requestPolicy: 'network-only' });
  }, [pushed, refetch]);

  const { previous, next } = neighbours(props.id);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (typing(event)) return;
      const step = keyStep(event.key);
      const to = step === 1 ? next : step === -1 ? previous : null;
      if (to) void navigate(links.document(tenant.slug, to));
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate, next, previous, tenant.slug]);

  const document = data?.node?.__typename === 'Document' ? data.node : null;
  if (!document) {
    if (error) return <FailureState failure={readFailure(error)} onRetry={again} />;
    return fetching ? <ListSkeleton rows={12} /> : <NotFoundPage />;
  }
  const can = document.viewerCan;
  const state = documentState(t, document);
  const open = (which: DocumentDialog) => {
    setAsked(true);
    setDialog(which);
  };
  const step = (to: string | null, label: string, icon: React.ReactNode) => (
    <Button
      variant="default"
      px={10}
      aria-label={label}
      title={label}
      disabled={!to}
      onClick={() => to && void navigate(links.document(tenant.slug, to))}
    >
      {icon}
    </Button>
  );

  return (
    <Page
      title={document.title}
      subtitle={
        <Group gap="sm">
          <StateBadge tone={state.tone}>{state.words}</StateBadge>
          <span>
            {t.kinds[document.kind]} · {document.number ? `№ ${document.number}` : t.withoutNumber}
          </span>
        </Group>
      }
      back={{ label: t.back, link: links.documents(tenant.slug) }}
      actions={
        (previous || next) && (
          <>
            {step(previous, t.previous, <ChevronUp size={17} aria-hidden />)}
            {step(next, t.next, <ChevronDown size={17} aria-hidden />)}
          </>
        )
      }
    >
      <Stack gap="md">
        <YourTurn document={document} onDone={again} />
        <Group gap="sm">
          {can.register && (
            <Button
              variant="default"
              leftSection={<Hash size={16} aria-hidden />}
              onClick={() => open('register')}
            >
              {t.register}
            </Button>
          )}
          {can.route && (
            <Button
              variant="default"
              leftSection={<Route size={16} aria-hidden />}
              onClick={() => open('route')}
            >
              {t.startRoute}
            </Button>
          )}
          {can.addVersion && (
            <Button
              variant="default"
              leftSection={<FilePlus2 size={16} aria-hidden />}
              onClick={() => open('version')}
            >
              {t.addVersion}
            </Button>
          )}
          {can.giveResolution && (
            <Button
              variant="default"
              leftSection={<UserCheck size={16} aria-hidden />}
              onClick={() => open('resolution')}
            >
              {t.giveResolution}
            </Button>
          )}
          {can.send && (
            <Button
              variant="default"
              leftSection={<Send size={16} aria-hidden />}
              onClick={() => open('send')}
            >
              {t.send}
            </Button>
          )}
        </Group>
        <div className="document-columns">
          <Stack gap="md">
            <Card title={t.preview}>
              <Preview document={document} />
            </Card>
            <Card title={t.versions} padded={false}>
              <Versions document={document} />
            </Card>
          </Stack>
          <Stack gap="md">
            <Card
              title={t.card}
              aside={
                can.edit && (
                  <Button
                    size="xs"
                    variant="default"
                    leftSection={<Pencil size={15} aria-hidden />}
                    onClick={() => open('edit')}
                  >
                    {t.editCard}
                  </Button>
                )
              }
            >
              <CardFacts document={document} />
              {can.editRefused && (
                <Text size="sm" c="dimmed" mt="sm">
                  {t.reasons[can.editRefused]}
                </Text>
              )}
            </Card>
            <Card title={t.route} padded={false}>
              <RouteView document={document} />
            </Card>
            {document.signatures.length +
              document.removedSignatures.length +
              document.statedSignatures.length >
              0 && (
              <Card title={t.signatures} padded={false}>
                <Signatures document={document} />
              </Card>
            )}
            {document.tasks.length + document.resolutions.length > 0 && (
              <Card title={t.resolutions} padded={false}>
                {document.resolutions.map((one) => (
                  <Text key={one.createdAt} size="sm" px={20} pb={8}>
                    {one.author.name}: «{one.text}»
                  </Text>
                ))}
                <div className="list-rows">
                  {document.tasks.map((task) => (
                    <TaskCard key={task.id} task={task} onChanged={again} />
                  ))}
                </div>
              </Card>
            )}
            {document.dispatches.length > 0 && (
              <Card title={t.dispatches} padded={false}>
                <Dispatches document={document} />
              </Card>
            )}
            <Card title={t.history} padded={false}>
              <History document={document} />
            </Card>
          </Stack>
        </div>
      </Stack>
      {asked && (
        <Suspense fallback={null}>
          <DocumentDialogs
            document={document}
            open={dialog}
            onClose={() => setDialog(null)}
            onDone={again}
          />
        </Suspense>
      )}
    </Page>
  );
}
