import { Button, Group, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { Card, Note, Page, toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { useUnits } from '../components/use-units';
import { AddMember } from '../record/documents';
import { blankPerson, type PersonDraft, PersonFields, sexOf } from '../record/person-fields';
import { recordTexts } from '../record/texts';
import { useFieldFaults, useRecordRefusal } from '../record/use-record-refusal';
import { membersTexts } from '../texts';

/** Adds one person to the register. */
export default function NewMemberPage() {
  const t = useTexts(recordTexts);
  const m = useTexts(membersTexts);
  const refusal = useRecordRefusal();
  const fieldFaults = useFieldFaults();
  const navigate = useNavigate();
  const { tenant } = useTenancy();
  const units = useUnits();
  const [person, setPerson] = useState<PersonDraft>(blankPerson);
  const [unit, setUnit] = useState<string | null>(null);
  const [joinedOn, setJoinedOn] = useState('');
  const [cardNumber, setCardNumber] = useState('');
  const [checked, setChecked] = useState(false);
  const [{ fetching, error, data }, add] = useMutation(AddMember);
  const status = data?.addMember.status;
  const faults = fieldFaults(error);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setChecked(true);
    if (!unit || fetching) return;
    const given = (text: string) => text.trim() || null;
    const answer = await add(
      {
        input: {
          unit,
          surname: person.surname.trim(),
          givenName: person.givenName.trim(),
          patronymic: given(person.patronymic),
          birthDate: person.birthDate,
          sex: sexOf(person.sex),
          phone: given(person.phone),
          email: given(person.email),
          workplace: given(person.workplace),
          position: given(person.position),
          joinedOn: given(joinedOn),
          cardNumber: given(cardNumber),
        },
      },
      { additionalTypenames: ['Member'] },
    );
    const added = answer.data?.addMember.member;
    if (!added) return;
    toast.good(t.added);
    void navigate(links.member(tenant.slug, added.id));
  }

  return (
    <Page
      title={t.addTitle}
      back={{ label: t.back, link: links.members(tenant.slug) }}
      width="reading"
    >
      <Card>
        <form onSubmit={(event) => void submit(event)} noValidate>
          <Stack gap="md">
            {error && Object.keys(faults).length === 0 && <Note tone="bad">{refusal(error)}</Note>}
            {status === 'DUPLICATE' && <Note tone="bad">{t.duplicate}</Note>}
            {status === 'CARD_TAKEN' && <Note tone="bad">{t.cardTaken}</Note>}
            <Select
              label={t.unit}
              required
              searchable
              nothingFoundMessage={m.noUnit}
              data={units.map((option) => ({ value: option.id, label: option.name }))}
              value={unit}
              onChange={setUnit}
              error={checked && !unit && t.unitMissing}
            />
            <PersonFields draft={person} faults={faults} onChange={setPerson} />
            <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
              <TextInput
                label={t.fields.JOINED_ON}
                type="date"
                value={joinedOn}
                error={faults.joinedOn}
                onChange={(event) => setJoinedOn(event.currentTarget.value)}
              />
              <TextInput
                label={t.fields.CARD_NUMBER}
                value={cardNumber}
                error={faults.cardNumber}
                onChange={(event) => setCardNumber(event.currentTarget.value)}
              />
            </SimpleGrid>
            <Group justify="flex-end">
              <Button type="submit" size="md" loading={fetching}>
                {t.addSubmit}
              </Button>
            </Group>
          </Stack>
        </form>
      </Card>
    </Page>
  );
}
