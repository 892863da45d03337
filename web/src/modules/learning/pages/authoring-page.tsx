import { Button, Group, Text, Textarea, TextInput } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { NotebookPen, Plus } from 'lucide-react';
import { useState } from 'react';
import { useClient, useMutation } from 'urql';
import { type ResultOf, readFailure, useFailureText, usePaged } from '#platform/client';
import {
  EmptyState,
  FailureState,
  ListSkeleton,
  Note,
  Page,
  StateBadge,
  type Tone,
  toast,
} from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { AuthoredCoursesQuery, CreateCourse } from '../authoring/documents';
import { authoringTexts } from '../authoring/texts';

type Row = ResultOf<typeof AuthoredCoursesQuery>['courses']['nodes'][number];

const TONES: Record<Row['state'], Tone> = { DRAFT: 'warn', PUBLISHED: 'good', ARCHIVED: 'neutral' };

/** The courses that are written here, drafts among them. */
export default function AuthoringPage() {
  const t = useTexts(authoringTexts);
  const client = useClient();
  const navigate = useNavigate();
  const { tenant } = useTenancy();
  const [creating, setCreating] = useState(false);
  const { rows, hasMore, failure, loading, loadMore, reload } = usePaged<Row>(
    tenant.slug,
    async (after) => {
      const answer = await client
        .query(
          AuthoredCoursesQuery,
          { first: 50, after, search: null, state: ['DRAFT', 'PUBLISHED', 'ARCHIVED'] },
          { requestPolicy: 'network-only' },
        )
        .toPromise();
      return { page: answer.data?.courses, error: answer.error };
    },
  );
  const create = (
    <Button leftSection={<Plus size={17} aria-hidden />} onClick={() => setCreating(true)}>
      {t.create}
    </Button>
  );
  return (
    <Page
      title={t.title}
      subtitle={t.lead}
      back={{ label: t.backToLearning, link: links.learning(tenant.slug) }}
      actions={rows.length > 0 && create}
      width="reading"
    >
      <div className="card">
        {failure && (
          <div className="card-padded">
            <FailureState failure={failure} onRetry={reload} />
          </div>
        )}
        {loading && <ListSkeleton rows={5} />}
        {!loading && !failure && rows.length === 0 && (
          <EmptyState icon={NotebookPen} title={t.emptyTitle} text={t.emptyText} action={create} />
        )}
        <div className="list-rows">
          {rows.map((course) => (
            <Link
              key={course.id}
              {...links.courseEditor(tenant.slug, course.id)}
              className="row-link"
              style={{ padding: '14px 20px', borderRadius: 0 }}
            >
              <Group justify="space-between" gap="sm">
                <div style={{ minWidth: 0, flex: '1 1 220px' }}>
                  <Text fw={600}>{course.title}</Text>
                  <Text size="sm" c="dimmed">
                    {t.lessons(course.lessonCount)} · {t.learnersCount(course.enrolmentCount)}
                  </Text>
                </div>
                <StateBadge tone={TONES[course.state]}>{t.states[course.state]}</StateBadge>
              </Group>
            </Link>
          ))}
        </div>
        {hasMore && (
          <Group justify="center" p="md">
            <Button variant="default" onClick={loadMore}>
              {t.showMore}
            </Button>
          </Group>
        )}
      </div>
      <CreateCourseDialog
        opened={creating}
        onClose={() => setCreating(false)}
        onCreated={(id) => void navigate(links.courseEditor(tenant.slug, id))}
      />
    </Page>
  );
}

function CreateCourseDialog(props: {
  opened: boolean;
  onClose: () => void;
  onCreated: (id: string) => void;
}) {
  const t = useTexts(authoringTexts);
  const failureText = useFailureText();
  const [title, setTitle] = useState('');
  const [summary, setSummary] = useState('');
  const [checked, setChecked] = useState(false);
  const [{ fetching, error }, create] = useMutation(CreateCourse);

  async function submit() {
    setChecked(true);
    if (!title.trim()) return;
    const answer = await create({ input: { title: title.trim(), summary: summary.trim() } });
    if (!answer.data) return;
    toast.good(t.created);
    props.onCreated(answer.data.createCourse.id);
  }

  return (
    <FormDialog
      opened={props.opened}
      title={t.createTitle}
      submit={t.createSubmit}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {error && <Note tone="bad">{failureText(readFailure(error))}</Note>}
      <TextInput
        label={t.name}
        placeholder={t.namePlaceholder}
        data-autofocus
        maxLength={200}
        value={title}
        error={checked && !title.trim() && t.fieldMissing}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <Textarea
        label={t.summary}
        description={t.summaryHint}
        autosize
        minRows={3}
        maxLength={4000}
        value={summary}
        onChange={(event) => setSummary(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
