import { Button, Group, NativeSelect, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { ScrollText } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useClient, useMutation, useQuery } from 'urql';
import { readFailure, useFailureText, usePaged } from '#platform/client';
import { EmptyState, FailureState, ListSkeleton, Page, toast } from '#platform/design';
import { useLanguage, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import {
  AuditActionsQuery,
  AuditQuery,
  CheckAudit,
  type CheckFacts,
  type EntryFacts,
  ReadersQuery,
} from './audit-documents';
import { AuditEntryRow } from './audit-entry';
import { auditTexts } from './audit-texts';
import { ChainNote } from './chain-note';
import { beginOfDay, endOfDay } from './days';
import { bySection } from './sections';
import { adminTexts } from './texts';

const ExportDialog = lazy(() => import('./audit-export-dialog'));

/** Who did or read what. */
export default function AuditPage() {
  const t = useTexts(auditTexts);
  const words = useTexts(adminTexts);
  const failureText = useFailureText();
  const language = useLanguage();
  const client = useClient();
  const { tenant, may } = useTenancy();
  const [kind, setKind] = useState('');
  const [action, setAction] = useState<string | null>(null);
  const [actor, setActor] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [sought] = useDebouncedValue(name, 250);
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [subject, setSubject] = useState('');
  const [settledSubject] = useDebouncedValue(subject.trim(), 300);
  const [exporting, setExporting] = useState(false);
  const [chain, setChain] = useState<CheckFacts | null>(null);
  const [{ fetching: checking }, runCheck] = useMutation(CheckAudit);
  const [{ data: known }] = useQuery({ query: AuditActionsQuery });
  const [{ data: people }] = useQuery({
    query: ReadersQuery,
    variables: { search: sought || null },
    pause: !may('tenancy.people'),
  });
  const filter = {
    action,
    actor,
    subject: settledSubject || null,
    reads: kind === '' ? null : kind === 'reads',
    from: from ? beginOfDay(from) : null,
    until: until ? endOfDay(until) : null,
  };
  const { rows, hasMore, failure, loading, stale, loadMore, reload } = usePaged<EntryFacts>(
    JSON.stringify([tenant.slug, filter]),
    async (after) => {
      const answer = await client
        .query(AuditQuery, { filter, after }, { requestPolicy: 'network-only' })
        .toPromise();
      return { page: answer.data?.auditEntries, error: answer.error };
    },
  );

  async function check() {
    const { data, error } = await runCheck({});
    if (data) setChain(data.checkAudit);
    else if (error) toast.bad(failureText(readFailure(error)));
  }

  return (
    <Page
      title={t.title}
      subtitle={t.lead}
      actions={
        <>
          <Button variant="default" loading={checking} onClick={() => void check()}>
            {t.check}
          </Button>
          <Button variant="default" onClick={() => setExporting(true)}>
            {t.export}
          </Button>
        </>
      }
    >
      {chain && <ChainNote chain={chain} />}
      <div className="card">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm" p="md">
          <NativeSelect
            label={t.kind}
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value)}
            data={[
              { value: '', label: t.kindAll },
              { value: 'changes', label: t.kindChanges },
              { value: 'reads', label: t.kindReads },
            ]}
          />
          <Select
            label={t.action}
            placeholder={t.anyAction}
            searchable
            clearable
            nothingFoundMessage={t.noAction}
            value={action}
            onChange={setAction}
            data={bySection(known?.auditActions ?? [], (one) => one.action).map(
              ([section, actions]) => ({
                group: words.sections[section] ?? section,
                items: actions.map((one) => ({ value: one.action, label: one.title[language] })),
              }),
            )}
          />
          <Select
            label={t.person}
            placeholder={t.anybody}
            searchable
            clearable
            nothingFoundMessage={t.noPerson}
            value={actor}
            onChange={setActor}
            onSearchChange={setName}
            filter={({ options }) => options}
            data={(people?.peopleWithAccess.nodes ?? []).map((one) => ({
              value: one.account,
              label: one.name,
            }))}
          />
          <TextInput
            type="date"
            label={t.from}
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label={t.until}
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
          <TextInput
            label={t.subject}
            placeholder={t.subjectHint}
            value={subject}
            onChange={(event) => setSubject(event.currentTarget.value)}
          />
        </SimpleGrid>
        {failure && (
          <div className="card-padded">
            <FailureState failure={failure} onRetry={reload} />
          </div>
        )}
        {loading && <ListSkeleton rows={10} />}
        {!loading && !failure && !stale && rows.length === 0 && (
          <EmptyState icon={ScrollText} title={t.empty} text={t.emptyText} />
        )}
        {rows.length > 0 && (
          <ul
            className="admin-rows list-rows"
            aria-label={t.title}
            aria-busy={stale}
            style={{ opacity: stale ? 0.55 : 1, borderTop: '1px solid var(--plenum-line)' }}
          >
            {rows.map((entry) => (
              <AuditEntryRow key={entry.id} entry={entry} />
            ))}
          </ul>
        )}
        {hasMore && (
          <Group justify="center" p="md">
            <Button variant="default" onClick={loadMore}>
              {t.loadMore}
            </Button>
          </Group>
        )}
      </div>
      {exporting && (
        <Suspense>
          <ExportDialog filter={filter} onClose={() => setExporting(false)} />
        </Suspense>
      )}
    </Page>
  );
}
