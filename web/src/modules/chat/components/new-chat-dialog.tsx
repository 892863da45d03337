import { Button, Group, TextInput } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useClient } from 'urql';
import { readFailure } from '#platform/client';
import { ListSkeleton, Note } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { CreateGroup, CreateUnitChannel, OpenDirect } from '../documents';
import { permissions } from '../permissions';
import { chatTexts } from '../texts';
import { PeoplePicker, type Person } from './people-picker';
import { useWording } from './use-wording';

const UnitPicker = lazy(() => import('./unit-picker'));

/**
 * Finds colleagues: one for direct messages, several for a group. Who opens channels of units chooses a unit here
 * instead.
 */
export default function NewChatDialog(props: {
  opened: boolean;
  onClose: () => void;
  onOpened: (channel: string) => void;
}) {
  const t = useTexts(chatTexts);
  const failureText = useWording();
  const client = useClient();
  const { may } = useTenancy();
  const [of, setOf] = useState<'people' | 'unit'>('people');
  const [people, setPeople] = useState<readonly Person[]>([]);
  const [unit, setUnit] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const group = people.length > 1;

  useEffect(() => {
    if (!props.opened) return;
    setOf('people');
    setPeople([]);
    setUnit(null);
    setName('');
    setProblem(null);
  }, [props.opened]);

  async function open(): Promise<string | null> {
    const [first] = people;
    if (of === 'unit') {
      if (!unit) return refuse(t.chooseUnit);
      const answer = await client.mutation(CreateUnitChannel, { unit }).toPromise();
      if (answer.error) return refuse(failureText(readFailure(answer.error)));
      return answer.data?.createUnitChannel.id ?? null;
    }
    if (!first) return refuse(t.chooseSomebody);
    if (group && !name.trim()) return refuse(t.groupNameMissing);
    const accounts = people.map((person) => person.id);
    const answer = group
      ? await client.mutation(CreateGroup, { name, accounts }).toPromise()
      : await client.mutation(OpenDirect, { account: first.id }).toPromise();
    if (answer.error) return refuse(failureText(readFailure(answer.error)));
    if (!answer.data) return null;
    return 'createGroup' in answer.data ? answer.data.createGroup.id : answer.data.openDirect.id;
  }

  function refuse(words: string): null {
    setProblem(words);
    return null;
  }

  async function submit() {
    setBusy(true);
    const channel = await open();
    setBusy(false);
    if (channel) props.onOpened(channel);
  }

  return (
    <FormDialog
      opened={props.opened}
      title={t.newChatTitle}
      submit={of === 'unit' ? t.openUnit : group ? t.createGroup : t.openDirect}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {may(permissions.manage) && (
        <Group grow gap="xs" role="group" aria-label={t.chatOf}>
          {(['people', 'unit'] as const).map((one) => (
            <Button
              key={one}
              variant={of === one ? 'light' : 'default'}
              aria-pressed={of === one}
              onClick={() => {
                setProblem(null);
                setOf(one);
              }}
            >
              {one === 'unit' ? t.ofUnit : t.ofPeople}
            </Button>
          ))}
        </Group>
      )}
      {problem && <Note tone="bad">{problem}</Note>}
      {of === 'unit' ? (
        <Suspense fallback={<ListSkeleton rows={6} />}>
          <UnitPicker
            value={unit}
            onChange={(chosen) => {
              setProblem(null);
              setUnit(chosen);
            }}
          />
        </Suspense>
      ) : (
        <PeoplePicker
          people={people}
          hint={t.findColleagueHint}
          between={
            group && (
              <TextInput
                label={t.groupName}
                maxLength={120}
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
              />
            )
          }
          onChange={(chosen) => {
            setProblem(null);
            setPeople(chosen);
          }}
        />
      )}
    </FormDialog>
  );
}
