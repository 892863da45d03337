import { Button, Group, Modal, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { StateBadge, toast } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import {
  type CourseDraftDetails,
  type GradebookRow,
  GrantAttempt,
  RevokeCertificate,
  Withdraw,
} from './documents';
import { authoringTexts } from './texts';
import { useAct } from './use-act';

type Step = 'facts' | 'attempt' | 'withdraw' | 'revoke';

/** One learner of a course: how far, and what the author can do about it. */
export default function LearnerDialog(props: {
  course: CourseDraftDetails;
  row: GradebookRow;
  onClose: () => void;
  onChanged: () => void;
}) {
  const t = useTexts(authoringTexts);
  const [step, setStep] = useState<Step>('facts');
  const done = (words: string) => {
    toast.good(words);
    props.onChanged();
    props.onClose();
  };
  const back = () => setStep('facts');
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.row.learner.fullName}
      closeButtonProps={{ 'aria-label': t.close }}
    >
      {step === 'facts' && <Facts {...props} onStep={setStep} />}
      {step === 'attempt' && <MoreAttempts {...props} onBack={back} onDone={done} />}
      {step === 'withdraw' && <Withdrawal row={props.row} onBack={back} onDone={done} />}
      {step === 'revoke' && <Revocation row={props.row} onBack={back} onDone={done} />}
    </Modal>
  );
}

function quizzesOf(course: CourseDraftDetails) {
  return course.sections
    .flatMap((section) => section.lessons)
    .filter((lesson) => lesson.kind === 'QUIZ');
}

function Facts(props: {
  course: CourseDraftDetails;
  row: GradebookRow;
  onStep: (step: Step) => void;
}) {
  const t = useTexts(authoringTexts);
  const format = useFormat();
  const { row } = props;
  const open = row.state === 'ENROLLED' || row.state === 'IN_PROGRESS';
  return (
    <Stack gap="lg">
      <dl className="facts">
        <dt>{t.column.unit}</dt>
        <dd>{row.learner.unit ?? '—'}</dd>
        <dt>{t.column.state}</dt>
        <dd>
          <StateBadge tone={row.state === 'COMPLETED' ? 'good' : 'neutral'}>
            {t.enrolmentStates[row.state]}
          </StateBadge>
        </dd>
        <dt>{t.column.progress}</dt>
        <dd>
          {row.done} / {row.total}
        </dd>
        <dt>{t.column.score}</dt>
        <dd>{row.bestPercent === null ? '—' : `${row.bestPercent} %`}</dd>
        <dt>{t.enrolledAt}</dt>
        <dd>{format.date(row.enrolledAt)}</dd>
        <dt>{t.column.due}</dt>
        <dd>{row.dueAt ? format.date(row.dueAt) : '—'}</dd>
        <dt>{t.column.certificate}</dt>
        <dd>
          {row.certificate ? row.certificate.number : '—'}{' '}
          {row.certificate?.revoked && <StateBadge tone="bad">{t.revokedState}</StateBadge>}
        </dd>
      </dl>
      <Group gap="sm">
        {open && quizzesOf(props.course).length > 0 && (
          <Button variant="default" onClick={() => props.onStep('attempt')}>
            {t.grantAttempt}
          </Button>
        )}
        {open && (
          <Button variant="default" color="red" onClick={() => props.onStep('withdraw')}>
            {t.withdrawConfirm}
          </Button>
        )}
        {row.certificate && !row.certificate.revoked && (
          <Button variant="default" onClick={() => props.onStep('revoke')}>
            {t.revoke}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function MoreAttempts(props: {
  course: CourseDraftDetails;
  row: GradebookRow;
  onBack: () => void;
  onDone: (words: string) => void;
}) {
  const t = useTexts(authoringTexts);
  const { busy, act } = useAct();
  const quizzes = quizzesOf(props.course);
  const [lesson, setLesson] = useState(quizzes[0]?.id ?? '');

  async function grant() {
    const data = await act('grant', GrantAttempt, { enrolment: props.row.id, lesson });
    if (data) props.onDone(t.attemptGranted);
  }

  return (
    <Stack gap="md">
      <Text>{t.grantText}</Text>
      <NativeSelect
        label={t.grantQuiz}
        value={lesson}
        onChange={(event) => setLesson(event.currentTarget.value)}
      >
        {quizzes.map((quiz) => (
          <option key={quiz.id} value={quiz.id}>
            {quiz.title}
          </option>
        ))}
      </NativeSelect>
      <Buttons busy={busy} confirm={t.grantAttempt} onBack={props.onBack} onConfirm={grant} />
    </Stack>
  );
}

function Withdrawal(props: {
  row: GradebookRow;
  onBack: () => void;
  onDone: (words: string) => void;
}) {
  const t = useTexts(authoringTexts);
  const { busy, act } = useAct();
  const { fullName } = props.row.learner;

  async function withdraw() {
    const data = await act('withdraw', Withdraw, { enrolment: props.row.id });
    if (data) props.onDone(t.withdrawn(fullName));
  }

  return (
    <Stack gap="md">
      <Text>{t.withdrawText(fullName)}</Text>
      <Buttons
        danger
        busy={busy}
        confirm={t.withdrawConfirm}
        onBack={props.onBack}
        onConfirm={withdraw}
      />
    </Stack>
  );
}

function Revocation(props: {
  row: GradebookRow;
  onBack: () => void;
  onDone: (words: string) => void;
}) {
  const t = useTexts(authoringTexts);
  const { busy, act } = useAct();
  const [reason, setReason] = useState('');
  const [checked, setChecked] = useState(false);
  const { certificate } = props.row;

  async function revoke() {
    setChecked(true);
    if (!reason.trim() || !certificate) return;
    const data = await act('revoke', RevokeCertificate, {
      certificate: certificate.id,
      reason: reason.trim(),
    });
    if (data) props.onDone(t.revoked);
  }

  return (
    <Stack gap="md">
      <Text>{t.revokeText}</Text>
      <Textarea
        label={t.revokeReason}
        autosize
        minRows={2}
        maxLength={500}
        data-autofocus
        value={reason}
        error={checked && !reason.trim() && t.fieldMissing}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Buttons danger busy={busy} confirm={t.revoke} onBack={props.onBack} onConfirm={revoke} />
    </Stack>
  );
}

function Buttons(props: {
  busy: string | null;
  confirm: string;
  danger?: boolean;
  onBack: () => void;
  onConfirm: () => Promise<void>;
}) {
  const t = useTexts(authoringTexts);
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={props.onBack} disabled={props.busy !== null}>
        {t.cancel}
      </Button>
      <Button
        color={props.danger ? 'red' : undefined}
        loading={props.busy !== null}
        onClick={() => void props.onConfirm()}
      >
        {props.confirm}
      </Button>
    </Group>
  );
}
