import { Button, Checkbox, Group, NativeSelect, TextInput } from '@mantine/core';
import { BookOpen, FileDown, Plus, Printer } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { EmptyState, FailureState, ListSkeleton, Page, toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { JournalEntries } from '../components/journal-entries';
import { useAct } from '../components/use-act';
import { CreateJournal, type DocumentRow, ExportJournal, JournalsQuery } from '../documents';
import '../documents.css';
import { permissions } from '../permissions';
import { documentsTexts } from '../texts';

/** The registration journals: their numbers, and writing them out. */
export default function JournalsPage() {
  const t = useTexts(documentsTexts);
  const { tenant, may } = useTenancy();
  const { busy, act } = useAct();
  const [chosen, setChosen] = useState('');
  const [year, setYear] = useState('');
  const [creating, setCreating] = useState(false);
  const [{ data, error }, retry] = useQuery({
    query: JournalsQuery,
    requestPolicy: 'cache-and-network',
  });
  const journals = data?.journals;
  const journal = journals?.find((one) => one.id === chosen) ?? journals?.[0];
  const years = journal?.years.filter((one) => one.year > 0) ?? [];

  async function writeOut(form: 'XLSX' | 'CSV' | 'PDF') {
    if (!journal) return;
    const answer = await act(ExportJournal, {
      journal: journal.id,
      year: year ? Number(year) : null,
      form,
    });
    if (!answer) return;
    const anchor = document.createElement('a');
    anchor.href = answer.exportJournal.url;
    anchor.download = answer.exportJournal.name;
    anchor.click();
  }

  return (
    <Page
      title={t.journalsTitle}
      subtitle={tenant.name}
      width="reading"
      actions={
        may(permissions.register) && (
          <Button leftSection={<Plus size={17} aria-hidden />} onClick={() => setCreating(true)}>
            {t.createJournal}
          </Button>
        )
      }
    >
      {error && <FailureState failure={readFailure(error)} onRetry={() => retry()} />}
      {!journals && !error && <ListSkeleton rows={6} />}
      {journals?.length === 0 && (
        <div className="card">
          <EmptyState icon={BookOpen} title={t.journalsEmpty} text={t.journalsEmptyText} />
        </div>
      )}
      {journal && (
        <>
          <Group gap="sm" mb="md" align="flex-end">
            <NativeSelect
              label={t.journal}
              value={journal.id}
              onChange={(event) => {
                setChosen(event.currentTarget.value);
                setYear('');
              }}
              style={{ flex: '2 1 220px' }}
            >
              {journals?.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </NativeSelect>
            <NativeSelect
              label={t.year}
              value={year}
              onChange={(event) => setYear(event.currentTarget.value)}
              style={{ flex: '1 1 120px' }}
            >
              <option value="">{t.allYears}</option>
              {years.map((one) => (
                <option key={one.year} value={String(one.year)}>
                  {one.year}
                </option>
              ))}
            </NativeSelect>
            <Button
              variant="default"
              loading={busy}
              leftSection={<FileDown size={16} aria-hidden />}
              onClick={() => void writeOut('XLSX')}
            >
              {t.exportXlsx}
            </Button>
            <Button
              variant="default"
              loading={busy}
              leftSection={<FileDown size={16} aria-hidden />}
              onClick={() => void writeOut('CSV')}
            >
              {t.exportCsv}
            </Button>
            <Button
              variant="default"
              loading={busy}
              leftSection={<Printer size={16} aria-hidden />}
              onClick={() => void writeOut('PDF')}
            >
              {t.exportPdf}
            </Button>
          </Group>
          <JournalEntries journal={journal.id} year={year ? Number(year) : null} />
        </>
      )}
      <JournalDialog
        opened={creating}
        onClose={() => setCreating(false)}
        onDone={(id) => {
          setChosen(id);
          retry({ requestPolicy: 'network-only' });
        }}
      />
    </Page>
  );
}

function JournalDialog(props: {
  opened: boolean;
  onClose: () => void;
  onDone: (id: string) => void;
}) {
  const t = useTexts(documentsTexts);
  const { busy, act } = useAct();
  const [kind, setKind] = useState<DocumentRow['kind']>('INCOMING');
  const [name, setName] = useState('');
  const [pattern, setPattern] = useState('{n}-{yy}');
  const [yearly, setYearly] = useState(true);
  const [missing, setMissing] = useState(false);

  async function submit() {
    if (!name.trim()) {
      setMissing(true);
      return;
    }
    const answer = await act(CreateJournal, { input: { kind, name, pattern, yearly } });
    if (!answer) return;
    toast.good(t.journalOpened);
    setName('');
    props.onDone(answer.createJournal.id);
    props.onClose();
  }

  return (
    <FormDialog
      opened={props.opened}
      title={t.createJournalTitle}
      submit={t.createJournal}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <NativeSelect
        label={t.kind}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value as DocumentRow['kind'])}
      >
        {Object.entries(t.kinds).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </NativeSelect>
      <TextInput
        label={t.journalName}
        data-autofocus
        value={name}
        error={missing && !name.trim() ? t.fieldMissing : null}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t.pattern}
        description={t.patternHint}
        value={pattern}
        onChange={(event) => setPattern(event.currentTarget.value)}
      />
      <Checkbox
        label={t.yearly}
        checked={yearly}
        onChange={(event) => setYearly(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}
