import { Button, Group, Stack, Tabs } from '@mantine/core';
import { ArrowRightLeft, IdCard, MailPlus, MoveRight } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { FailureState, ListSkeleton, Note, Page, StateBadge, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import { InviteMember } from '../documents';
import { ConsentsTab } from '../record/consents-tab';
import { DataTab } from '../record/data-tab';
import { RecordQuery, ReissueCard } from '../record/documents';
import { HistoryTab } from '../record/history-tab';
import { OfficesTab } from '../record/offices-tab';
import { recordTexts } from '../record/texts';
import { useRecordRefusal } from '../record/use-record-refusal';
import { membersTexts } from '../texts';

const MoveDialog = lazy(() => import('../record/move-dialog'));
const TransferDialog = lazy(() => import('../record/transfer-dialog'));

/** The record of one member. What other modules know of the member comes in through slots. */
export default function MemberPage(props: { id: string; dues?: ReactNode }) {
  const t = useTexts(recordTexts);
  const m = useTexts(membersTexts);
  const format = useFormat();
  const refusal = useRecordRefusal();
  const { tenant } = useTenancy();
  const { ask, dialog } = useConfirm();
  const [tab, setTab] = useState<string | null>('data');
  const [opened, setOpened] = useState<'move' | 'transfer' | null>(null);
  const [revision, setRevision] = useState(0);
  const [invitation, invite] = useMutation(InviteMember);
  const [, reissue] = useMutation(ReissueCard);
  const [{ data, error, fetching }, retry] = useQuery({
    query: RecordQuery,
    variables: { id: props.id },
  });
  if (error) return <FailureState failure={readFailure(error)} onRetry={() => retry()} />;
  const member = data?.node?.__typename === 'Member' ? data.node : null;
  if (!member) return fetching ? <ListSkeleton rows={12} /> : <NotFoundPage />;
  const can = member.viewerCan;

  function renew() {
    setOpened(null);
    setRevision((n) => n + 1);
    retry({ requestPolicy: 'network-only' });
  }

  async function sendInvitation() {
    const answer = await invite({ member: props.id }, { additionalTypenames: ['Member'] });
    if (answer.error) return toast.bad(refusal(answer.error));
    const status = answer.data?.inviteMember.status;
    if (status === 'OK') toast.good(m.inviteStatus.OK);
    else if (status) toast.bad(m.inviteStatus[status]);
    renew();
  }

  async function issueAnew() {
    const answer = await reissue({ member: props.id });
    if (answer.error) toast.bad(refusal(answer.error));
    else toast.good(t.reissued);
    renew();
  }

  return (
    <Page
      title={member.fullName}
      subtitle={
        <Group gap={8}>
          <span>{member.unit.name}</span>
          {member.state === 'LEFT' && <StateBadge>{m.left}</StateBadge>}
        </Group>
      }
      back={{ label: t.back, link: links.members(tenant.slug) }}
      width="reading"
    >
      <Stack gap="md">
        {member.state === 'LEFT' && (
          <Note tone="warn">
            {t.left(member.leftTo, member.leftOn && format.day(member.leftOn))}
          </Note>
        )}
        {(can.invite || can.move || can.transfer || can.edit) && (
          <Group gap="xs" role="group" aria-label={t.more}>
            {can.invite && !member.hasAccount && (
              <Button
                size="sm"
                variant="default"
                loading={invitation.fetching}
                leftSection={<MailPlus size={16} aria-hidden />}
                onClick={() => void sendInvitation()}
              >
                {t.invite}
              </Button>
            )}
            {can.move && (
              <Button
                size="sm"
                variant="default"
                leftSection={<MoveRight size={16} aria-hidden />}
                onClick={() => setOpened('move')}
              >
                {t.move}
              </Button>
            )}
            {can.transfer && (
              <Button
                size="sm"
                variant="default"
                leftSection={<ArrowRightLeft size={16} aria-hidden />}
                onClick={() => setOpened('transfer')}
              >
                {t.transfer}
              </Button>
            )}
            {can.edit && (
              <Button
                size="sm"
                variant="default"
                leftSection={<IdCard size={16} aria-hidden />}
                onClick={() =>
                  ask({
                    title: t.reissueTitle,
                    text: t.reissueText,
                    confirm: t.reissue,
                    run: issueAnew,
                  })
                }
              >
                {t.reissue}
              </Button>
            )}
          </Group>
        )}
        <Tabs value={tab} onChange={setTab} keepMounted={false}>
          <Tabs.List aria-label={t.sections} mb="md">
            <Tabs.Tab value="data">{t.tabs.data}</Tabs.Tab>
            <Tabs.Tab value="offices">{t.tabs.offices}</Tabs.Tab>
            <Tabs.Tab value="consents">{t.tabs.consents}</Tabs.Tab>
            {props.dues && <Tabs.Tab value="dues">{t.tabs.dues}</Tabs.Tab>}
            <Tabs.Tab value="history">{t.tabs.history}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="data">
            <DataTab member={member} />
          </Tabs.Panel>
          <Tabs.Panel value="offices">
            <OfficesTab offices={member.offices} />
          </Tabs.Panel>
          <Tabs.Panel value="consents">
            <ConsentsTab member={member} />
          </Tabs.Panel>
          {props.dues && <Tabs.Panel value="dues">{props.dues}</Tabs.Panel>}
          <Tabs.Panel value="history">
            <HistoryTab member={member.id} revision={revision + member.revision} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
      <Suspense>
        {opened === 'move' && (
          <MoveDialog member={member.id} onClose={() => setOpened(null)} onDone={renew} />
        )}
        {opened === 'transfer' && (
          <TransferDialog member={member.id} onClose={() => setOpened(null)} onDone={renew} />
        )}
      </Suspense>
      {dialog}
    </Page>
  );
}
