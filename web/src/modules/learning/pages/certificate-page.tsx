import { Text, Title } from '@mantine/core';
import { BadgeCheck, CircleX } from 'lucide-react';
import { useEffect, useState } from 'react';
import { clientFor, type Failure, type ResultOf, readFailure } from '#platform/client';
import { FailureState, ListSkeleton } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { EntryFrame } from '#platform/shell';
import '../components/learning.css';
import { CertificateCheckQuery } from '../documents';
import { learningTexts } from '../texts';

type Checked = ResultOf<typeof CertificateCheckQuery>['certificateCheck'];

/** Whether a certificate is genuine: for anyone who holds its link, signed in or not. */
export default function CertificatePage(props: { token: string }) {
  const t = useTexts(learningTexts);
  const [attempt, setAttempt] = useState(0);
  const [found, setFound] = useState<Checked | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again.
  useEffect(() => {
    let here = true;
    setFailure(null);
    void clientFor(null)
      .query(CertificateCheckQuery, { token: props.token }, { requestPolicy: 'network-only' })
      .toPromise()
      .then((answer) => {
        if (!here) return;
        if (answer.data) setFound(answer.data.certificateCheck);
        else if (answer.error) {
          const heard = readFailure(answer.error);
          // A token that is malformed is one that nothing was issued with.
          if (heard.code === 'NOT_FOUND' || heard.code === 'INVALID') setFound(null);
          else setFailure(heard);
        }
      });
    return () => {
      here = false;
    };
  }, [props.token, attempt]);

  return (
    <EntryFrame title={t.checkTitle}>
      <div className="card card-padded certificate-check" data-testid="certificate-check">
        <Text size="sm" c="dimmed" mb="sm">
          {t.checkTitle}
        </Text>
        {failure && (
          <FailureState failure={failure} onRetry={() => setAttempt((before) => before + 1)} />
        )}
        {found === undefined && !failure && <ListSkeleton rows={5} />}
        {found === null && (
          <Verdict good={false} title={t.checkUnknown} text={t.checkUnknownText} />
        )}
        {found && (
          <>
            <Verdict
              good={!found.revoked}
              title={found.revoked ? t.checkRevoked : t.checkValid}
              text={found.revoked ? t.checkRevokedText : null}
            />
            <Facts found={found} />
            <Text size="sm" c="dimmed" mt="lg">
              {t.checkFoot}
            </Text>
          </>
        )}
      </div>
    </EntryFrame>
  );
}

function Verdict(props: { good: boolean; title: string; text: string | null }) {
  const Icon = props.good ? BadgeCheck : CircleX;
  return (
    <div className="certificate-verdict" data-tone={props.good ? 'good' : 'bad'} role="status">
      <Icon size={40} strokeWidth={1.6} aria-hidden style={{ flex: 'none' }} />
      <div>
        <Title order={1} size="h2">
          {props.title}
        </Title>
        {props.text && <Text c="var(--mantine-color-text)">{props.text}</Text>}
      </div>
    </div>
  );
}

function Facts(props: { found: NonNullable<Checked> }) {
  const t = useTexts(learningTexts);
  const format = useFormat();
  const { found } = props;
  return (
    <dl className="facts">
      <dt>{t.checkHolder}</dt>
      <dd>
        <Text fw={600}>{found.holder}</Text>
      </dd>
      <dt>{t.checkCourse}</dt>
      <dd>{found.courseTitle}</dd>
      <dt>{t.checkNumber}</dt>
      <dd className="tabular">{found.number}</dd>
      <dt>{t.checkIssued}</dt>
      <dd>{format.day(found.issuedOn)}</dd>
      <dt>{t.checkOrganization}</dt>
      <dd>{found.organization}</dd>
    </dl>
  );
}
