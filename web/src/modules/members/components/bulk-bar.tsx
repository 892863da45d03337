import { Button, Group, Text } from '@mantine/core';
import { MailPlus } from 'lucide-react';
import { useState } from 'react';
import { useClient } from 'urql';
import { failureText, readFailure } from '#platform/client';
import { toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useTexts } from '#platform/languages';
import { InviteMember } from '../documents';
import { membersTexts } from '../texts';

/** What can be done with the selected people together. */
export default function BulkBar(props: { selected: ReadonlySet<string>; onClear: () => void }) {
  const t = useTexts(membersTexts);
  const client = useClient();
  const { ask, dialog } = useConfirm();
  const [done, setDone] = useState<number | null>(null);
  const all = [...props.selected];

  async function invite() {
    let sent = 0;
    let skipped = 0;
    setDone(0);
    for (const [index, member] of all.entries()) {
      const answer = await client.mutation(InviteMember, { member }).toPromise();
      if (answer.error) {
        toast.bad(failureText(readFailure(answer.error)));
        break;
      }
      if (answer.data?.inviteMember.status === 'OK') sent += 1;
      else skipped += 1;
      setDone(index + 1);
    }
    setDone(null);
    if (sent > 0) toast.good(t.invited(sent));
    if (skipped > 0) toast.bad(t.notInvited(skipped));
    props.onClear();
  }

  return (
    <Group gap="sm" px="md" pb="sm" role="group" aria-label={t.selected(all.length)}>
      <Text size="sm" fw={500} role="status">
        {done === null ? t.selected(all.length) : t.inviting(done, all.length)}
      </Text>
      <Button
        size="xs"
        loading={done !== null}
        leftSection={<MailPlus size={15} aria-hidden />}
        onClick={() =>
          ask({
            title: t.inviteTitle,
            text: t.inviteText(all.length),
            confirm: t.inviteConfirm,
            run: invite,
          })
        }
      >
        {t.invite}
      </Button>
      <Button size="xs" variant="subtle" onClick={props.onClear} disabled={done !== null}>
        {t.unselect}
      </Button>
      {dialog}
    </Group>
  );
}
