import { Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { toast } from '#platform/design';
import { FormDialog } from '#platform/design/form-dialog';
import { useFormat, useTexts } from '#platform/languages';
import { EndSubstitute, NameSubstitute, SubstitutesQuery } from '../documents';
import { documentsTexts } from '../texts';
import { type Person, PersonField } from './person-field';
import { useAct } from './use-act';

/** Who acts for whom: names a substitute for a period. */
export default function SubstituteDialog(props: { opened: boolean; onClose: () => void }) {
  const t = useTexts(documentsTexts);
  const format = useFormat();
  const { busy, act } = useAct();
  const [person, setPerson] = useState<Person | null>(null);
  const [startsOn, setStartsOn] = useState('');
  const [endsOn, setEndsOn] = useState('');
  const [missing, setMissing] = useState(false);
  const [{ data }, refetch] = useQuery({ query: SubstitutesQuery, pause: !props.opened });

  async function submit() {
    if (!person || !startsOn || !endsOn) {
      setMissing(true);
      return;
    }
    const answer = await act(NameSubstitute, { input: { account: person.id, startsOn, endsOn } });
    if (!answer) return;
    toast.good(t.substituteNamed);
    props.onClose();
  }

  async function end(substitute: string) {
    if (await act(EndSubstitute, { substitute })) refetch({ requestPolicy: 'network-only' });
  }

  const empty = (value: unknown) => (missing && !value ? t.fieldMissing : null);
  return (
    <FormDialog
      opened={props.opened}
      title={t.substituteTitle}
      submit={t.nameSubstitute}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {data?.substitutes.map((one) => {
        const days = [format.day(one.startsOn), format.day(one.endsOn)] as const;
        return (
          <Group key={one.id} justify="space-between" gap="sm" wrap="nowrap">
            <Text size="sm">
              {one.isViewers
                ? t.replacesYou(one.substitute.name, ...days)
                : t.youReplace(one.account.name, ...days)}
            </Text>
            {one.isViewers && (
              <Button variant="default" size="xs" loading={busy} onClick={() => void end(one.id)}>
                {t.endSubstitute}
              </Button>
            )}
          </Group>
        );
      })}
      <Text size="sm" c="dimmed">
        {t.substituteText}
      </Text>
      <PersonField label={t.substitute} value={person} error={empty(person)} onChange={setPerson} />
      <Group grow gap="sm" align="flex-start">
        <TextInput
          label={t.from}
          type="date"
          value={startsOn}
          error={empty(startsOn)}
          onChange={(event) => setStartsOn(event.currentTarget.value)}
        />
        <TextInput
          label={t.until}
          type="date"
          value={endsOn}
          error={empty(endsOn)}
          onChange={(event) => setEndsOn(event.currentTarget.value)}
        />
      </Group>
    </FormDialog>
  );
}
