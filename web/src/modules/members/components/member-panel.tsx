import { Anchor, Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { useFormat, useTexts } from '#platform/languages';
import type { MemberRow } from '../pages/register-page';
import { membersTexts } from '../texts';

/** The card of one member beside the list. */
export function MemberPanel(props: { member: MemberRow | null; onClose: () => void }) {
  const t = useTexts(membersTexts);
  const format = useFormat();
  const { member } = props;
  const facts: [string, ReactNode][] = member
    ? [
        [t.unit, member.unit.name],
        [t.birthDate, format.day(member.birthDate)],
        [t.sex, member.sex && (member.sex === 'MALE' ? t.male : t.female)],
        [t.cardNumber, member.cardNumber],
        [t.joinedOn, member.joinedOn && format.day(member.joinedOn)],
        [t.electedOffice, member.electedOffice],
        [t.workplace, member.workplace],
        [t.position, member.position],
        [t.phone, member.phone && <Anchor href={`tel:${member.phone}`}>{member.phone}</Anchor>],
        [t.email, member.email && <Anchor href={`mailto:${member.email}`}>{member.email}</Anchor>],
        [t.consent, member.consent ? t.yes : t.no],
      ]
    : [];
  return (
    <Drawer
      opened={member !== null}
      onClose={props.onClose}
      position="right"
      size={460}
      title={member?.fullName}
      styles={{ title: { fontSize: '1.25rem', fontWeight: 600 } }}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      <dl className="facts">
        {facts.map(([label, value]) => (
          <div key={label} style={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd>{value || <span style={{ opacity: 0.75 }}>{t.notGiven}</span>}</dd>
          </div>
        ))}
      </dl>
    </Drawer>
  );
}
