import { Anchor, Text } from '@mantine/core';
import { Link, type LinkOptions } from '@tanstack/react-router';
import { useFormat, useLanguage, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import type { EntryFacts } from './audit-documents';
import { auditTexts } from './audit-texts';

/** One entry: what, who, when, to what; the rest when it is asked for. */
export function AuditEntryRow(props: { entry: EntryFacts }) {
  const t = useTexts(auditTexts);
  const language = useLanguage();
  const format = useFormat();
  const { tenant } = useTenancy();
  const { entry } = props;
  const who = entry.actorName ?? (entry.system ? t.system(entry.system) : t.unknown);
  const link = linkTo(tenant.slug, entry.subject);
  const [kind = ''] = entry.subject.split('_');
  return (
    <li className="admin-row" style={{ alignItems: 'flex-start' }}>
      <div className="admin-row-text">
        <Text fw={500}>{entry.title?.[language] ?? entry.action}</Text>
        <Text size="sm" c="dimmed">
          {who} · {format.dateTime(entry.at)}
        </Text>
        {t.kinds[kind] && (
          <Text size="sm">
            {link ? (
              <Anchor size="sm" renderRoot={(rest) => <Link {...link} {...rest} />}>
                {t.kinds[kind]}
              </Anchor>
            ) : (
              t.kinds[kind]
            )}
          </Text>
        )}
      </div>
      <details className="admin-details">
        <summary>{t.details}</summary>
        <dl className="facts">
          <dt>{t.number}</dt>
          <dd>{entry.number ?? t.beforeChain}</dd>
          <dt>{t.code}</dt>
          <dd>{entry.action}</dd>
          <dt>{t.object}</dt>
          <dd>{entry.subject}</dd>
          {entry.request && (
            <>
              <dt>{t.request}</dt>
              <dd>{entry.request}</dd>
            </>
          )}
          {entry.hash && (
            <>
              <dt>{t.hash}</dt>
              <dd>{entry.hash}</dd>
            </>
          )}
        </dl>
        {entry.detail !== '{}' && <pre>{readable(entry.detail)}</pre>}
      </details>
    </li>
  );
}

function readable(detail: string): string {
  try {
    return JSON.stringify(JSON.parse(detail), null, 2);
  } catch {
    return detail;
  }
}

/** Where what an entry is about has a page. */
function linkTo(tenant: string, subject: string): LinkOptions | null {
  const [kind] = subject.split('_');
  switch (kind) {
    case 'Member':
      return links.member(tenant, subject);
    case 'Account':
      return links.admin(tenant, `people/${subject}`);
    case 'OwnRole':
      return links.admin(tenant, `roles/${subject}`);
    case 'Session':
      return links.session(tenant, subject);
    case 'Body':
      return links.body(tenant, subject);
    case 'Document':
      return links.document(tenant, subject);
    case 'Course':
      return links.course(tenant, subject);
    case 'Campaign':
      return links.campaign(tenant, subject);
    default:
      return null;
  }
}
