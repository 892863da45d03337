import { Button, Checkbox, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { type Failure, readFailure, useFailureText } from '#platform/client';
import { Card, ListSkeleton, Note, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useTexts } from '#platform/languages';
import {
  type Campaign,
  type CampaignInput,
  CancelCampaign,
  OptionsQuery,
  SendTest,
  StartCampaign,
  UpdateCampaign,
} from '../documents';
import { mailingsTexts } from '../texts';

const AudienceBuilder = lazy(() => import('./audience-builder'));
const BlockEditor = lazy(() => import('./block-editor'));
const Preview = lazy(() => import('./preview'));

/** Without the name of the type, which the client adds to what it reads and the server does not take. */
function untyped<T extends object>(value: T): Omit<T, '__typename'> {
  const { __typename: _, ...rest } = value as T & { __typename?: string };
  return rest;
}

function inputOf(campaign: Campaign): CampaignInput {
  return {
    list: campaign.list.id,
    subject: campaign.subject,
    senderName: campaign.senderName,
    byMail: campaign.byMail,
    channels: campaign.channels,
    blocks: campaign.blocks.map(untyped),
    audience: untyped(campaign.audience),
  };
}

/** Writes a draft: letter, recipients, preview, test letter, sending. */
export default function CampaignEditor({ campaign }: { campaign: Campaign }) {
  const t = useTexts(mailingsTexts);
  const failureText = useFailureText();
  const confirm = useConfirm();
  const [input, setInput] = useState(() => inputOf(campaign));
  const [{ data: options }] = useQuery({ query: OptionsQuery });
  const [saving, update] = useMutation(UpdateCampaign);
  const [, sendTest] = useMutation(SendTest);
  const [, start] = useMutation(StartCampaign);
  const [, cancel] = useMutation(CancelCampaign);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [recipients, setRecipients] = useState<number | null>(null);
  const [previewing, setPreviewing] = useState(false);
  const [at, setAt] = useState('');
  // Nobody sends before knowing to how many.
  const counting = (input.byMail ?? true) && recipients === null;
  const change = (part: Partial<CampaignInput>) => setInput((before) => ({ ...before, ...part }));

  async function save(): Promise<boolean> {
    const answer = await update({ campaign: campaign.id, input });
    setFailure(answer.error ? readFailure(answer.error) : null);
    return Boolean(answer.data);
  }

  async function saved(then: () => Promise<void> | void) {
    if (await save()) await then();
  }

  async function test() {
    const answer = await sendTest({ campaign: campaign.id });
    if (answer.error) toast.bad(failureText(readFailure(answer.error)));
    if (answer.data) toast.good(t.testSent(answer.data.sendTestLetter.address));
  }

  async function send(moment: string | null) {
    const answer = await start({ campaign: campaign.id, at: moment });
    if (answer.error) toast.bad(failureText(readFailure(answer.error)));
    const status = answer.data?.startCampaign.status;
    if (status === 'OK') toast.good(moment ? t.isScheduled : t.isSending);
    else if (status) toast.bad(t.statuses[status]);
  }

  function ask(moment: string | null) {
    if (input.byMail && recipients === 0 && !input.channels?.length) {
      toast.bad(t.statuses.NO_RECIPIENTS);
      return;
    }
    confirm.ask({
      title: moment ? t.schedule : t.sendTitle,
      text: input.byMail ? t.sendText(recipients ?? 0) : t.sendChannelsOnly,
      confirm: moment ? t.schedule : t.send,
      run: () => send(moment),
    });
  }

  return (
    <Stack gap="lg">
      {confirm.dialog}
      {failure && (
        <Note tone="bad">
          {failure.fields.length === 0
            ? failureText(failure)
            : failure.fields.map((fault) => (
                <div key={fault.path}>
                  {t.fieldFaults[fault.reason] ?? failureText(failure)}
                  {fault.path.includes('{{') && ` ${fault.path.slice(fault.path.indexOf('{{'))}`}
                  {/blocks\.(\d+)/.test(fault.path) &&
                    ` (№ ${Number(/blocks\.(\d+)/.exec(fault.path)?.[1] ?? 0) + 1})`}
                </div>
              ))}
        </Note>
      )}
      <Card title={t.content}>
        <Stack gap="sm">
          <NativeSelect
            label={t.list}
            value={input.list}
            onChange={(event) => change({ list: event.currentTarget.value })}
            data={(options?.mailingLists.nodes ?? [campaign.list]).map((list) => ({
              value: list.id,
              label: list.name,
            }))}
          />
          <TextInput
            label={t.subject}
            value={input.subject}
            onChange={(event) => change({ subject: event.currentTarget.value })}
          />
          <TextInput
            label={t.senderName}
            value={input.senderName}
            onChange={(event) => change({ senderName: event.currentTarget.value })}
          />
          <Suspense fallback={<ListSkeleton rows={4} />}>
            <BlockEditor
              blocks={input.blocks}
              fields={options?.mailingOptions.fields ?? []}
              onChange={(blocks) => change({ blocks })}
            />
          </Suspense>
        </Stack>
      </Card>
      <Card title={t.recipients}>
        <Stack gap="sm">
          <Checkbox
            label={t.byMail}
            checked={input.byMail ?? true}
            onChange={(event) => change({ byMail: event.currentTarget.checked })}
          />
          {(options?.mailingOptions.channels.length ?? 0) > 0 && (
            <Checkbox.Group
              label={t.channels}
              value={input.channels ?? []}
              onChange={(channels) => change({ channels })}
            >
              <Stack gap={6} mt={6}>
                {options?.mailingOptions.channels.map((channel) => (
                  <Checkbox key={channel.id} value={channel.id} label={channel.name} />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
          {input.byMail && (
            <Suspense fallback={<ListSkeleton rows={4} />}>
              <AudienceBuilder
                list={input.list}
                audience={input.audience}
                options={options}
                onChange={(audience) => change({ audience })}
                onCount={setRecipients}
              />
            </Suspense>
          )}
        </Stack>
      </Card>
      <Group gap="sm">
        <Button
          variant="default"
          loading={saving.fetching}
          onClick={() => void saved(() => toast.good(t.saved))}
        >
          {t.save}
        </Button>
        <Button variant="default" onClick={() => void saved(() => setPreviewing(true))}>
          {t.preview}
        </Button>
        <Button variant="default" onClick={() => void saved(test)}>
          {t.test}
        </Button>
        {campaign.viewerCan.send && (
          <>
            <Button disabled={counting} onClick={() => void saved(() => ask(null))}>
              {t.send}
            </Button>
            <Button
              variant="default"
              color="red"
              onClick={() =>
                confirm.ask({
                  title: t.cancelTitle,
                  text: t.cancelDraftText,
                  confirm: t.cancel,
                  danger: true,
                  run: () => cancel({ campaign: campaign.id }),
                })
              }
            >
              {t.cancel}
            </Button>
          </>
        )}
      </Group>
      {campaign.viewerCan.send && (
        <Group gap="sm" align="end">
          <TextInput
            type="datetime-local"
            label={t.scheduleAt}
            value={at}
            onChange={(event) => setAt(event.currentTarget.value)}
          />
          <Button
            variant="default"
            disabled={!at || counting}
            onClick={() => void saved(() => ask(new Date(at).toISOString()))}
          >
            {t.schedule}
          </Button>
        </Group>
      )}
      <Modal
        opened={previewing}
        onClose={() => setPreviewing(false)}
        title={t.preview}
        size="xl"
        closeButtonProps={{ 'aria-label': t.close }}
      >
        {previewing && (
          <Suspense fallback={<ListSkeleton rows={6} />}>
            <Preview campaign={campaign.id} />
          </Suspense>
        )}
      </Modal>
    </Stack>
  );
}
