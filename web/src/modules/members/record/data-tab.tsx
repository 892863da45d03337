import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { useMutation } from 'urql';
import type { VariablesOf } from '#platform/client';
import { Card, toast } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { type RecordFacts, UpdateMember } from './documents';
import { EditableField } from './editable-field';
import { recordTexts } from './texts';
import { useRecordRefusal } from './use-record-refusal';

type Input = VariablesOf<typeof UpdateMember>['input'];
type Key = keyof Omit<Input, 'member' | 'revision'>;

/** Identity, contacts and work, each fact changed in its place. */
export function DataTab(props: { member: RecordFacts }) {
  const t = useTexts(recordTexts);
  const format = useFormat();
  const refusal = useRecordRefusal();
  const { member } = props;
  const [, update] = useMutation(UpdateMember);
  const editable = member.viewerCan.edit;

  async function save(key: Key, value: string): Promise<string | null> {
    const cleared = value.trim() === '';
    const input = {
      member: member.id,
      revision: member.revision,
      [key]: cleared ? null : value.trim(),
    } as Input;
    const answer = await update({ input });
    if (answer.error) return refusal(answer.error);
    switch (answer.data?.updateMember.status) {
      case 'OK':
        toast.good(t.saved);
        return null;
      case 'DUPLICATE':
        return t.duplicate;
      case 'CARD_TAKEN':
        return t.cardTaken;
      default:
        return null;
    }
  }

  const field = (
    key: Key,
    label: string,
    value: string | null,
    shown: ReactNode = value,
    extra: { kind?: 'tel' | 'email' | 'date'; options?: { value: string; label: string }[] } = {},
  ) => (
    <div key={key} style={{ display: 'contents' }}>
      <dt>{label}</dt>
      <dd>
        <EditableField
          label={label}
          shown={shown}
          value={value ?? ''}
          editable={editable}
          onSave={(draft) => save(key, draft)}
          {...extra}
        />
      </dd>
    </div>
  );
  const f = t.fields;
  return (
    <Card>
      <dl className="facts">
        {field('surname', f.SURNAME, member.surname)}
        {field('givenName', f.GIVEN_NAME, member.givenName)}
        {field('patronymic', f.PATRONYMIC, member.patronymic)}
        {field('birthDate', f.BIRTH_DATE, member.birthDate, format.day(member.birthDate), {
          kind: 'date',
        })}
        {field('sex', f.SEX, member.sex, member.sex && t.sexes[member.sex], {
          options: [
            { value: '', label: t.notGiven },
            { value: 'FEMALE', label: t.sexes.FEMALE },
            { value: 'MALE', label: t.sexes.MALE },
          ],
        })}
        {field(
          'phone',
          f.PHONE,
          member.phone,
          member.phone && <Anchor href={`tel:${member.phone}`}>{member.phone}</Anchor>,
          { kind: 'tel' },
        )}
        {field(
          'email',
          f.EMAIL,
          member.email,
          member.email && <Anchor href={`mailto:${member.email}`}>{member.email}</Anchor>,
          { kind: 'email' },
        )}
        {field('workplace', f.WORKPLACE, member.workplace)}
        {field('position', f.POSITION, member.position)}
        {field(
          'joinedOn',
          f.JOINED_ON,
          member.joinedOn,
          member.joinedOn && format.day(member.joinedOn),
          {
            kind: 'date',
          },
        )}
        {field('cardNumber', f.CARD_NUMBER, member.cardNumber)}
        <dt>{t.unit}</dt>
        <dd>{member.unit.name}</dd>
        <dt>{t.account}</dt>
        <dd>{member.hasAccount ? t.hasAccount : t.noAccount}</dd>
        <dt>{t.cardIssued}</dt>
        <dd>{format.day(member.cardIssuedOn)}</dd>
      </dl>
    </Card>
  );
}
