import { Text } from '@mantine/core';
import { useQuery } from 'urql';
import { Card } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { DeletedTenantsQuery } from './tenants-documents';
import { tenantsTexts } from './tenants-texts';

/** What is left of organizations that were deleted; nothing when none was. */
export default function DeletedTenants() {
  const t = useTexts(tenantsTexts);
  const format = useFormat();
  const [{ data }] = useQuery({ query: DeletedTenantsQuery, requestPolicy: 'cache-and-network' });
  const deleted = data?.deletedTenants ?? [];
  if (deleted.length === 0) return null;
  return (
    <div style={{ marginTop: 24 }}>
      <Card title={t.deleted} padded={false}>
        <ul className="admin-rows list-rows" aria-label={t.deleted}>
          {deleted.map((one) => (
            <li key={one.id} className="admin-row">
              <div className="admin-row-text">
                <Text fw={500}>{one.shortName}</Text>
                <Text size="sm" c="dimmed">
                  {one.name} · {one.slug}
                </Text>
                <Text size="sm">{one.deletion.reason}</Text>
              </div>
              <div className="admin-row-text">
                <Text size="sm">
                  {t.deletedOn(format.date(one.createdAt), format.date(one.deletedAt))}
                </Text>
                <Text size="sm" c="dimmed">
                  {t.deletedBy(one.deletion.askedBy, format.date(one.deletion.askedAt))}
                </Text>
                <Text size="sm" c="dimmed">
                  {t.deletedRows(one.rowCount)} · {t.deletedFiles(one.files)},{' '}
                  {format.bytes(one.bytes)}
                </Text>
                {one.auditHead && (
                  <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {t.deletedAudit(one.auditNumber ?? 0)} <code>{one.auditHead}</code>
                  </Text>
                )}
              </div>
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}
