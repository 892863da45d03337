import { Button, Group, Select, Text } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { ButtonLink, Note, StateBadge, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { FormDialog } from '#platform/design/form-dialog';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { useUnits } from '../components/use-units';
import { useRecordRefusal } from '../record/use-record-refusal';
import { AcceptTransfer, CancelTransfer, RefuseTransfer, type TransferFacts } from './documents';
import { ReasonDialog } from './reason-dialog';
import { requestsTexts } from './texts';

const TONES = {
  REQUESTED: 'brand',
  ACCEPTED: 'brand',
  DONE: 'good',
  REFUSED: 'bad',
  CANCELLED: 'neutral',
} as const;
const TOUCHED = { additionalTypenames: ['MemberTransfer', 'Member'] };

/** One transfer and what may be done about it. */
export function TransferCard(props: { transfer: TransferFacts; onDecided: () => void }) {
  const t = useTexts(requestsTexts);
  const format = useFormat();
  const refusal = useRecordRefusal();
  const { tenant } = useTenancy();
  const { transfer, onDecided } = props;
  const { ask, dialog } = useConfirm();
  const [opened, setOpened] = useState<'accept' | 'refuse' | null>(null);
  const [, refuse] = useMutation(RefuseTransfer);
  const [, cancel] = useMutation(CancelTransfer);
  const incoming = transfer.direction === 'INCOMING';
  const open = transfer.state === 'REQUESTED';

  async function refuseIt(reason: string): Promise<string | null> {
    const answer = await refuse({ transfer: transfer.id, reason }, TOUCHED);
    if (answer.error) return refusal(answer.error);
    if (answer.data?.refuseTransfer.status === 'OK') toast.good(t.refused);
    else toast.bad(t.alreadyDecided);
    onDecided();
    return null;
  }

  async function cancelIt() {
    const answer = await cancel({ transfer: transfer.id }, TOUCHED);
    if (answer.error) return toast.bad(refusal(answer.error));
    if (answer.data?.cancelTransfer.status === 'OK') toast.good(t.cancelled);
    else toast.bad(t.alreadyDecided);
    onDecided();
  }

  return (
    <section className="card card-padded" aria-label={transfer.memberName}>
      <Group justify="space-between" gap="sm">
        <Text fw={600}>{transfer.memberName}</Text>
        <StateBadge tone={TONES[transfer.state]}>{t.transferStates[transfer.state]}</StateBadge>
      </Group>
      <Text size="sm">
        {incoming ? t.from(transfer.organization) : t.to(transfer.organization)}
        {' · '}
        {t.born(format.day(transfer.birthDate))}
      </Text>
      <Text size="sm" c="dimmed">
        {t.requested(format.dateTime(transfer.requestedAt), transfer.requestedBy)}
      </Text>
      {transfer.note && (
        <Text size="sm" mt={6} style={{ whiteSpace: 'pre-line' }}>
          {transfer.note}
        </Text>
      )}
      {transfer.reason && (
        <Text size="sm" mt={6}>
          {t.reason}: {transfer.reason}
        </Text>
      )}
      <Group mt="sm" gap="sm">
        {open && incoming && (
          <>
            <Button size="sm" onClick={() => setOpened('accept')}>
              {t.accept}
            </Button>
            <Button size="sm" variant="default" onClick={() => setOpened('refuse')}>
              {t.refuse}
            </Button>
          </>
        )}
        {open && !incoming && (
          <Button
            size="sm"
            variant="default"
            onClick={() =>
              ask({
                title: t.cancelTitle,
                text: t.cancelText,
                confirm: t.cancel,
                run: cancelIt,
              })
            }
          >
            {t.cancel}
          </Button>
        )}
        {transfer.member && (
          <ButtonLink
            size="sm"
            variant="subtle"
            link={links.member(tenant.slug, transfer.member.id)}
          >
            {t.open}
          </ButtonLink>
        )}
      </Group>
      {opened === 'accept' && (
        <AcceptDialog transfer={transfer} onClose={() => setOpened(null)} onDone={onDecided} />
      )}
      {opened === 'refuse' && (
        <ReasonDialog
          title={t.refuseTitle(transfer.memberName)}
          submit={t.refuse}
          onClose={() => setOpened(null)}
          onRefuse={refuseIt}
        />
      )}
      {dialog}
    </section>
  );
}

function AcceptDialog(props: { transfer: TransferFacts; onClose: () => void; onDone: () => void }) {
  const t = useTexts(requestsTexts);
  const refusal = useRecordRefusal();
  const units = useUnits();
  const [unit, setUnit] = useState<string | null>(null);
  const [checked, setChecked] = useState(false);
  const [{ fetching, error, data }, accept] = useMutation(AcceptTransfer);
  const status = data?.acceptTransfer.status;

  async function submit() {
    setChecked(true);
    if (!unit) return;
    const answer = await accept({ transfer: props.transfer.id, unit }, TOUCHED);
    if (answer.data?.acceptTransfer.status !== 'OK') return;
    toast.good(t.accepted);
    props.onClose();
    props.onDone();
  }

  return (
    <FormDialog
      opened
      title={t.acceptTitle(props.transfer.memberName)}
      submit={t.accept}
      busy={fetching}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      {error && <Note tone="bad">{refusal(error)}</Note>}
      {status === 'DUPLICATE' && <Note tone="bad">{t.transferDuplicate}</Note>}
      {status === 'ALREADY_DECIDED' && <Note tone="warn">{t.alreadyDecided}</Note>}
      <Select
        label={t.acceptUnit}
        searchable
        data-autofocus
        nothingFoundMessage={t.noUnit}
        data={units.map((option) => ({ value: option.id, label: option.name }))}
        value={unit}
        onChange={setUnit}
        error={checked && !unit && t.unitMissing}
      />
    </FormDialog>
  );
}
