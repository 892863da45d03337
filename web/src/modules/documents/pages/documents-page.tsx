import { Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { FileText, Plus, Search } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { usePaged } from '#platform/client';
import { EmptyState, FailureState, ListSkeleton, Page } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { DocumentList } from '../components/document-list';
import { keyStep, rememberOrder, typing } from '../components/neighbours';
import { CountsQuery, type DocumentRow, DocumentsQuery } from '../documents';
import '../documents.css';
import { permissions } from '../permissions';
import { documentsTexts } from '../texts';

type View = 'ALL' | 'TO_SIGN' | 'TO_APPROVE' | 'TO_DO' | 'MINE' | 'UNREGISTERED';

const CreateDialog = lazy(() => import('../components/create-dialog'));
const SubstituteDialog = lazy(() => import('../components/substitute-dialog'));

/** The inbox: saved views, search, and going through it by key. */
export default function DocumentsPage() {
  const t = useTexts(documentsTexts);
  const client = useClient();
  const navigate = useNavigate();
  const { tenant, may } = useTenancy();
  const [view, setView] = useState<View>('ALL');
  const [kind, setKind] = useState<DocumentRow['kind'] | ''>('');
  const [words, setWords] = useState('');
  const [search] = useDebouncedValue(words.trim(), 250);
  const [dialog, setDialog] = useState<'create' | 'substitute' | null>(null);
  // Once loaded they stay: what was typed is not lost by closing.
  const [dialogs, setDialogs] = useState(false);
  if (dialog && !dialogs) setDialogs(true);
  const [current, setCurrent] = useState<string | null>(null);
  const [{ data: counts }] = useQuery({ query: CountsQuery, requestPolicy: 'cache-and-network' });
  const clerk = may(permissions.register);
  const views: View[] = clerk
    ? ['ALL', 'TO_SIGN', 'TO_APPROVE', 'TO_DO', 'MINE', 'UNREGISTERED']
    : ['ALL', 'TO_SIGN', 'TO_APPROVE', 'TO_DO', 'MINE'];

  const list = usePaged(`${tenant.slug}|${view}|${kind}|${search}`, async (after) => {
    const filter = {
      view: view === 'ALL' ? null : view,
      kind: kind || null,
      search: search || null,
    };
    const answer = await client
      .query(DocumentsQuery, { filter, first: 50, after }, { requestPolicy: 'network-only' })
      .toPromise();
    return { page: answer.data?.documents, error: answer.error };
  });
  const ids = list.rows.map((row) => row.id);
  const order = ids.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ids are what the order says.
  useEffect(() => rememberOrder(ids), [order]);

  useEffect(() => {
    const all = order ? order.split(',') : [];
    const onKey = (event: KeyboardEvent) => {
      if (typing(event)) return;
      const step = keyStep(event.key);
      if (step === 0) {
        if (event.key === 'Enter' && current && event.target === window.document.body) {
          void navigate(links.document(tenant.slug, current));
        }
        return;
      }
      const at = current === null ? (step === 1 ? 0 : all.length - 1) : all.indexOf(current) + step;
      const id = all[Math.max(0, Math.min(all.length - 1, at))];
      if (!id) return;
      setCurrent(id);
      window.document.getElementById(id)?.scrollIntoView({ block: 'nearest' });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [current, navigate, order, tenant.slug]);

  const waiting = counts?.documentCounts;
  const label = (one: View) => {
    const count =
      one === 'TO_SIGN' ? waiting?.toSign : one === 'TO_APPROVE' ? waiting?.toApprove : 0;
    return count ? `${t.views[one]} (${count})` : t.views[one];
  };
  const filtered = search !== '' || kind !== '' || view !== 'ALL';

  return (
    <Page
      title={t.inboxTitle}
      subtitle={tenant.name}
      width="reading"
      actions={
        <>
          <Button variant="default" onClick={() => setDialog('substitute')}>
            {t.substitution}
          </Button>
          {clerk && (
            <Button
              leftSection={<Plus size={17} aria-hidden />}
              onClick={() => setDialog('create')}
            >
              {t.create}
            </Button>
          )}
        </>
      }
    >
      <Group gap="sm" mb="md" align="flex-end">
        <NativeSelect
          label={t.view}
          value={view}
          onChange={(event) => setView(event.currentTarget.value as View)}
          style={{ flex: '1 1 150px' }}
        >
          {views.map((one) => (
            <option key={one} value={one}>
              {label(one)}
            </option>
          ))}
        </NativeSelect>
        <NativeSelect
          label={t.kind}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as DocumentRow['kind'] | '')}
          style={{ flex: '1 1 150px' }}
        >
          <option value="">{t.anyKind}</option>
          {Object.entries(t.kinds).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </NativeSelect>
        <TextInput
          type="search"
          aria-label={t.search}
          placeholder={t.search}
          leftSection={<Search size={16} aria-hidden />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          style={{ flex: '2 1 240px' }}
        />
      </Group>
      <div className="card" aria-busy={list.stale}>
        {list.failure && (
          <div className="card-padded">
            <FailureState failure={list.failure} onRetry={list.reload} />
          </div>
        )}
        {list.loading && !list.failure && <ListSkeleton rows={6} />}
        {!list.loading && !list.failure && list.rows.length === 0 && (
          <EmptyState
            icon={FileText}
            title={t.emptyTitle}
            text={filtered ? t.nothingFound : t.emptyText}
          />
        )}
        <DocumentList rows={list.rows} current={current} />
        {list.hasMore && (
          <Group justify="center" p="md">
            <Button variant="default" onClick={list.loadMore}>
              {t.more}
            </Button>
          </Group>
        )}
      </div>
      <Text size="sm" c="dimmed" mt="sm" visibleFrom="sm">
        {t.keysHint}
      </Text>
      {dialogs && (
        <Suspense fallback={null}>
          <CreateDialog
            opened={dialog === 'create'}
            onClose={() => setDialog(null)}
            onCreated={(id) => void navigate(links.document(tenant.slug, id))}
          />
          <SubstituteDialog opened={dialog === 'substitute'} onClose={() => setDialog(null)} />
        </Suspense>
      )}
    </Page>
  );
}
