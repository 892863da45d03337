import { Anchor, Button, Group, Text } from '@mantine/core';
import { Award, Copy, Download, ExternalLink } from 'lucide-react';
import { useEffect } from 'react';
import { useClient } from 'urql';
import { toast } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { CourseQuery, type OwnCertificate } from '../documents';
import { learningTexts } from '../texts';
import { saveFile } from './save-file';

const ASK_AGAIN_MS = 3_000;

/** The certificate of a completed course: number, PDF, and the page that proves it. */
export function CertificateCard(props: {
  course: string;
  certificate: OwnCertificate;
  onRefresh: () => void;
}) {
  const t = useTexts(learningTexts);
  const format = useFormat();
  const client = useClient();
  const { certificate, onRefresh } = props;
  const pending = certificate.file === null;
  const path = `/certificate/${certificate.token}`;

  useEffect(() => {
    if (!pending) return;
    const timer = setInterval(onRefresh, ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [pending, onRefresh]);

  /** Links live ten minutes, pages stay open for hours: the address is asked anew. */
  async function download() {
    const answer = await client
      .query(CourseQuery, { id: props.course }, { requestPolicy: 'network-only' })
      .toPromise();
    const node = answer.data?.node;
    const file = node?.__typename === 'Course' ? node.myEnrolment?.certificate?.file : null;
    if (file) saveFile(file.url, file.name);
  }

  async function copy() {
    await navigator.clipboard.writeText(location.origin + path);
    toast.good(t.certificateCopied);
  }

  return (
    <section className="certificate-card" aria-label={t.certificate} data-testid="certificate">
      <Group gap="md" wrap="nowrap" align="flex-start">
        <Award size={40} strokeWidth={1.5} aria-hidden color="var(--plenum-good)" />
        <div style={{ minWidth: 0 }}>
          <Text component="h2" fz="lg" fw={650} m={0}>
            {t.certificate} {t.certificateNumber(certificate.number)}
          </Text>
          <Text size="sm">{t.certificateIssued(format.day(certificate.issuedOn))}</Text>
        </div>
      </Group>
      {pending ? (
        <Text size="sm" mt="sm" role="status">
          {t.certificatePending}
        </Text>
      ) : (
        <Group gap="sm" mt="md">
          <Button leftSection={<Download size={17} aria-hidden />} onClick={() => void download()}>
            {t.certificateDownload}
          </Button>
          <Button
            variant="default"
            leftSection={<Copy size={16} aria-hidden />}
            onClick={() => void copy()}
          >
            {t.certificateCopy}
          </Button>
        </Group>
      )}
      <Text size="sm" mt="sm">
        <Anchor href={path} target="_blank" rel="noopener" underline="always">
          {t.certificatePublic} <ExternalLink size={13} aria-hidden />
        </Anchor>
        . {t.certificateHint}
      </Text>
    </section>
  );
}
