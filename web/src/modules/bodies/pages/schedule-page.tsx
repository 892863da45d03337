import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Landmark } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { readFailure, useFailureText } from '#platform/client';
import {
  ButtonLink,
  Card,
  EmptyState,
  FailureState,
  ListSkeleton,
  Note,
  Page,
  toast,
} from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { agendaInput, type DraftItem, newItem } from '../schedule/agenda';
import { AgendaEditor } from '../schedule/agenda-editor';
import { SchedulableBodiesQuery, ScheduleSession } from '../schedule/documents';
import { scheduleTexts } from '../schedule/texts';

/** Schedules a session: body, time, agenda with materials. */
export default function SchedulePage(props: { body: string | null }) {
  const t = useTexts(scheduleTexts);
  const failureText = useFailureText();
  const navigate = useNavigate();
  const { tenant } = useTenancy();
  const [{ data, error }, retry] = useQuery({ query: SchedulableBodiesQuery });
  const [{ fetching }, schedule] = useMutation(ScheduleSession);
  const [chosenBody, setBody] = useState(props.body ?? '');
  const [title, setTitle] = useState(t.defaultTitle);
  const [startsAt, setStartsAt] = useState('');
  const [items, setItems] = useState<DraftItem[]>([newItem(0)]);
  const [checked, setChecked] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);

  if (error) return <FailureState failure={readFailure(error)} onRetry={() => retry()} />;
  const bodies = data?.bodies.nodes.filter((body) => body.viewerCan.schedule);
  const body = chosenBody || (bodies?.length === 1 ? (bodies[0]?.id ?? '') : '');
  const start = startsAt ? new Date(startsAt) : null;
  const inThePast = start !== null && start.getTime() <= Date.now();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (fetching) return;
    setChecked(true);
    setRefusal(null);
    const agenda = agendaInput(items);
    if (!body || !title.trim() || !start || inThePast) return;
    if (agenda.some((item) => !item.title)) return;
    if (agenda.length === 0) return setRefusal(t.noAgenda);
    const answer = await schedule(
      { input: { body, title: title.trim(), startsAt: start.toISOString(), agenda } },
      { additionalTypenames: ['Session'] },
    );
    if (answer.error) return setRefusal(failureText(readFailure(answer.error)));
    const payload = answer.data?.scheduleSession;
    switch (payload?.status) {
      case 'OK':
        toast.good(t.scheduled);
        if (payload.session) await navigate(links.session(tenant.slug, payload.session.id));
        return;
      case 'NO_AGENDA':
        return setRefusal(t.noAgenda);
      case 'NO_MEMBERS':
        return setRefusal(t.noMembers);
      case 'IN_THE_PAST':
        return setRefusal(t.inThePast);
    }
  }

  return (
    <Page
      title={t.title}
      subtitle={t.lead}
      back={{ label: t.back, link: links.sessions(tenant.slug) }}
      width="reading"
    >
      {!bodies && <ListSkeleton rows={10} />}
      {bodies?.length === 0 && (
        <div className="card">
          <EmptyState
            icon={Landmark}
            title={t.noBodiesTitle}
            text={t.noBodiesText}
            action={
              <ButtonLink link={links.bodies(tenant.slug)} variant="default">
                {t.toBodies}
              </ButtonLink>
            }
          />
        </div>
      )}
      {bodies && bodies.length > 0 && (
        <form onSubmit={submit} noValidate>
          <Stack gap="lg">
            <div className="card card-padded">
              <Stack gap="md">
                <NativeSelect
                  label={t.body}
                  value={body}
                  error={checked && !body && t.bodyMissing}
                  onChange={(event) => setBody(event.currentTarget.value)}
                >
                  <option value="">{t.chooseBody}</option>
                  {bodies.map((option) => (
                    <option key={option.id} value={option.id}>
                      {option.name}
                    </option>
                  ))}
                </NativeSelect>
                <TextInput
                  label={t.sessionTitle}
                  value={title}
                  error={checked && !title.trim() && t.fieldMissing}
                  onChange={(event) => setTitle(event.currentTarget.value)}
                />
                <TextInput
                  label={t.startsAt}
                  description={t.startsAtHint(zone)}
                  type="datetime-local"
                  maw={280}
                  value={startsAt}
                  error={checked && (!start ? t.startsAtMissing : inThePast && t.inThePast)}
                  onChange={(event) => setStartsAt(event.currentTarget.value)}
                />
              </Stack>
            </div>
            <Card title={t.agenda}>
              <AgendaEditor items={items} showErrors={checked} onChange={setItems} />
            </Card>
            {refusal && <Note tone="bad">{refusal}</Note>}
            <Group justify="flex-end">
              <Button type="submit" size="md" loading={fetching}>
                {t.submit}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Page>
  );
}
