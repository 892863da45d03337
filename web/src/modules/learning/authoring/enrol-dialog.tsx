import { Button, Group, Modal, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { toast } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { AudiencePicker } from './audience-picker';
import './authoring.css';
import { Enrol, InviteToCourse, type LearnerRow } from './documents';
import { PeoplePicker } from './people-picker';
import { authoringTexts } from './texts';
import { useAct } from './use-act';
import { type Audience, useAudienceCount } from './use-audience-count';
import { endOfDay } from './whole';

type Way = 'people' | 'audience' | 'link';

/** Enrols people by name, a group by office and organization, or whoever follows a link. */
export default function EnrolDialog(props: {
  course: string;
  onClose: () => void;
  onEnrolled: () => void;
}) {
  const t = useTexts(authoringTexts);
  const [way, setWay] = useState<Way>('people');
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t.enrolTitle}
      size="lg"
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <SegmentedControl
        fullWidth
        mb="md"
        aria-label={t.enrolWays}
        value={way}
        onChange={(value) => setWay(value as Way)}
        data={(['people', 'audience', 'link'] as const).map((value) => ({
          value,
          label: t.way[value],
        }))}
      />
      {way === 'link' ? (
        <InvitationLink course={props.course} />
      ) : (
        <Chosen key={way} way={way} {...props} />
      )}
    </Modal>
  );
}

function Chosen(props: {
  way: 'people' | 'audience';
  course: string;
  onClose: () => void;
  onEnrolled: () => void;
}) {
  const t = useTexts(authoringTexts);
  const { busy, act } = useAct();
  const [people, setPeople] = useState<readonly LearnerRow[]>([]);
  const [group, setGroup] = useState<Audience>({ everyone: true });
  const [due, setDue] = useState('');
  const [checked, setChecked] = useState(false);
  const counted = useAudienceCount(group, props.way !== 'audience');
  const dueAt = endOfDay(due);
  const duePast = dueAt !== null && new Date(dueAt).getTime() < Date.now();
  const count = props.way === 'people' ? people.length : (counted ?? 0);

  async function submit() {
    setChecked(true);
    if (count === 0 || duePast) return;
    const audience =
      props.way === 'people' ? { members: people.map((person) => person.id) } : group;
    const data = await act('enrol', Enrol, { course: props.course, audience, dueAt });
    if (!data) return;
    toast.good(t.enrolled(data.enrol.added, data.enrol.already));
    props.onEnrolled();
    props.onClose();
  }

  return (
    <Stack gap="md">
      {props.way === 'people' ? (
        <PeoplePicker chosen={people} onChange={setPeople} />
      ) : (
        <AudiencePicker onChange={setGroup} />
      )}
      {props.way === 'audience' && (
        <Text fw={600} role="status" data-testid="audience-count">
          {counted === null ? t.audienceCounting : t.audienceCount(counted)}
        </Text>
      )}
      <TextInput
        type="date"
        label={t.due}
        description={t.dueHint}
        w="min(260px, 100%)"
        value={due}
        error={duePast && t.duePast}
        onChange={(event) => setDue(event.currentTarget.value)}
      />
      {checked && count === 0 && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {t.nobodyChosen}
        </Text>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={props.onClose}>
          {t.cancel}
        </Button>
        <Button loading={busy === 'enrol'} onClick={() => void submit()}>
          {count > 0 ? t.enrolSubmit(count) : t.enrolSubmitNone}
        </Button>
      </Group>
    </Stack>
  );
}

function InvitationLink(props: { course: string }) {
  const t = useTexts(authoringTexts);
  const format = useFormat();
  const { busy, act } = useAct();
  const [link, setLink] = useState<{ url: string; expiresAt: string | null } | null>(null);

  async function make() {
    const data = await act('invite', InviteToCourse, { course: props.course, days: 30 });
    if (data) setLink(data.inviteToCourse);
  }

  async function copy(url: string) {
    await navigator.clipboard.writeText(url);
    toast.good(t.copied);
  }

  return (
    <Stack gap="md">
      <Text>{t.linkText}</Text>
      {link ? (
        <>
          <Group gap="sm" align="flex-end">
            <TextInput
              label={t.linkLabel}
              readOnly
              style={{ flex: '1 1 240px' }}
              value={link.url}
              onFocus={(event) => event.currentTarget.select()}
            />
            <Button
              leftSection={<Copy size={16} aria-hidden />}
              onClick={() => void copy(link.url)}
            >
              {t.copy}
            </Button>
          </Group>
          <Text size="sm" c="dimmed" role="status">
            {link.expiresAt ? t.linkReady(format.day(link.expiresAt.slice(0, 10))) : t.linkLasting}
          </Text>
        </>
      ) : (
        <Group>
          <Button loading={busy === 'invite'} onClick={() => void make()}>
            {t.linkMake}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
