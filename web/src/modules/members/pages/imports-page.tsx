import { Group, Stack, Text } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { Card, FailureState, ListSkeleton, Page, StateBadge } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { ImportsQuery } from '../import/documents';
import '../import/import.css';
import { STATE_TONES } from '../import/state-tones';
import { importTexts } from '../import/texts';
import { UploadZone } from '../import/upload-zone';

/** Starts an import and lists the earlier ones. */
export default function ImportsPage() {
  const t = useTexts(importTexts);
  const format = useFormat();
  const navigate = useNavigate();
  const { tenant } = useTenancy();
  const [{ data, error }, retry] = useQuery({ query: ImportsQuery });
  const imports = data?.memberImports.nodes;
  return (
    <Page
      title={t.title}
      subtitle={t.lead}
      back={{ label: t.backToRegister, link: links.members(tenant.slug) }}
      width="reading"
    >
      <Stack gap="lg">
        <UploadZone onPrepared={(id) => void navigate(links.memberImport(tenant.slug, id))} />
        <Card title={t.earlier} padded={false}>
          {error && (
            <div className="card-padded">
              <FailureState failure={readFailure(error)} onRetry={() => retry()} />
            </div>
          )}
          {!imports && !error && <ListSkeleton rows={3} />}
          {imports?.length === 0 && (
            <Text c="dimmed" px={20} pb={20}>
              {t.earlierEmpty}
            </Text>
          )}
          <div className="list-rows">
            {imports?.map((item) => (
              <Link
                key={item.id}
                {...links.memberImport(tenant.slug, item.id)}
                className="row-link"
                style={{ padding: '10px 20px', borderRadius: 0 }}
              >
                <Group justify="space-between" gap="sm">
                  <div style={{ minWidth: 0 }}>
                    <Text fw={500} className="truncate">
                      {item.fileName}
                    </Text>
                    <Text size="sm" c="dimmed">
                      {t.createdBy(item.createdBy, format.dateTime(item.createdAt))}
                    </Text>
                  </div>
                  <StateBadge tone={STATE_TONES[item.state]}>{t.states[item.state]}</StateBadge>
                </Group>
              </Link>
            ))}
          </div>
        </Card>
      </Stack>
    </Page>
  );
}
