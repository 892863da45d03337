import { Anchor, Group, Select, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { UserX } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { EmptyState, FailureState, ListSkeleton, Note, Page } from '#platform/design';
import { useLanguage, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { type HolderFacts, RolesQuery, WhoCanQuery } from './documents';
import { GrantText } from './grant-text';
import { bySection } from './sections';
import { adminTexts } from './texts';
import { useUnits } from './use-units';

/** The server names so many people at most. */
const MOST = 500;

/** Who can do something in a unit, and because of what. */
export default function WhoCanPage() {
  const t = useTexts(adminTexts);
  const language = useLanguage();
  const units = useUnits();
  const [{ data: roles }] = useQuery({ query: RolesQuery });
  const [permission, setPermission] = useState<string | null>(null);
  const [chosenUnit, setUnit] = useState<string | null>(null);
  const unit = chosenUnit ?? units.find((one) => one.kind === 'APPARATUS')?.id ?? null;
  const asked = permission !== null && unit !== null;
  const [{ data, error, fetching }, again] = useQuery({
    query: WhoCanQuery,
    variables: { permission: permission ?? '', unit: unit ?? '' },
    pause: !asked,
    requestPolicy: 'network-only',
  });
  const groups = bySection(roles?.permissions ?? [], (one) => one.name);
  return (
    <Page title={t.whoCanTitle} subtitle={t.whoCanLead}>
      <div className="card">
        <Group gap="sm" p="md" align="flex-end">
          <Select
            label={t.permission}
            placeholder={t.choosePermission}
            searchable
            nothingFoundMessage={t.noPermission}
            style={{ flex: '1 1 260px' }}
            value={permission}
            onChange={setPermission}
            data={groups.map(([section, permissions]) => ({
              group: t.sections[section] ?? section,
              items: permissions.map((one) => ({ value: one.name, label: one.title[language] })),
            }))}
          />
          <Select
            label={t.unit}
            searchable
            nothingFoundMessage={t.noUnit}
            style={{ flex: '1 1 260px' }}
            value={unit}
            onChange={setUnit}
            data={units.map((one) => ({ value: one.id, label: one.name }))}
          />
        </Group>
        {asked && error && (
          <div className="card-padded">
            <FailureState
              failure={readFailure(error)}
              onRetry={() => again({ requestPolicy: 'network-only' })}
            />
          </div>
        )}
        {asked && fetching && <ListSkeleton rows={6} />}
        {asked && !fetching && data && <Holders holders={data.whoCan} />}
      </div>
    </Page>
  );
}

function Holders(props: { holders: readonly HolderFacts[] }) {
  const t = useTexts(adminTexts);
  const language = useLanguage();
  const { tenant } = useTenancy();
  if (props.holders.length === 0) {
    return <EmptyState icon={UserX} title={t.whoCanEmpty} text={t.whoCanEmptyText} />;
  }
  return (
    <>
      {props.holders.length >= MOST && <Note>{t.whoCanMany}</Note>}
      <ul className="admin-rows list-rows" aria-label={t.whoCan}>
        {props.holders.map((holder) => (
          <li key={holder.account} className="admin-row" style={{ alignItems: 'flex-start' }}>
            <div className="admin-row-text">
              <Anchor
                fw={500}
                renderRoot={(rest) => (
                  <Link {...links.admin(tenant.slug, `people/${holder.account}`)} {...rest} />
                )}
              >
                {holder.name}
              </Anchor>
            </div>
            <div className="admin-row-text">
              {holder.because.map((grant) => (
                <div key={grant.id}>
                  <Text size="sm" fw={500}>
                    {grant.title[language]}
                  </Text>
                  <GrantText grant={grant} />
                </div>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
