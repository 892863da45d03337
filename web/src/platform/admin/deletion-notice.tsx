import { Anchor, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { Note } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import './admin.css';
import { TenantDeletionQuery } from './export-documents';
import { exportTexts } from './export-texts';

/** Tells those who can export the organization that it will be deleted, above every page. */
export default function DeletionNotice() {
  const t = useTexts(exportTexts);
  const format = useFormat();
  const { tenant } = useTenancy();
  const [{ data }] = useQuery({ query: TenantDeletionQuery });
  const due = data?.tenant.deletionDueAt;
  if (!due) return null;
  return (
    <div className="admin-notice">
      <Note tone="warn" title={t.deletionTitle(format.date(due))}>
        <Text>
          {t.deletionText}{' '}
          <Anchor
            underline="always"
            renderRoot={(rest) => <Link {...links.admin(tenant.slug, 'export')} {...rest} />}
          >
            {t.deletionLink}
          </Anchor>
        </Text>
      </Note>
    </div>
  );
}
