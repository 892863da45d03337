import { Stack, Text } from '@mantine/core';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { FailureState, ListSkeleton, Page } from '#platform/design';
import { useFormat, useTexts } from '#platform/languages';
import { BrandCard } from './brand-card';
import { LanguagesCard } from './languages-card';
import { LogoCard } from './logo-card';
import { ModulesCard } from './modules-card';
import './organization.css';
import { OrganizationQuery } from './organization-documents';
import { organizationTexts } from './organization-texts';
import { SenderCard } from './sender-card';

function key(...values: unknown[]): string {
  return JSON.stringify(values);
}

/** How the organization looks, in whose name it writes, which languages it speaks, and what it does without. */
export default function OrganizationPage() {
  const t = useTexts(organizationTexts);
  const format = useFormat();
  const [{ data, error }, again] = useQuery({
    query: OrganizationQuery,
    requestPolicy: 'cache-and-network',
  });
  const settings = data?.tenantSettings;
  const look = settings?.look;
  return (
    <Page title={t.title} subtitle={t.lead} width="reading">
      {error && !data && (
        <FailureState
          failure={readFailure(error)}
          onRetry={() => again({ requestPolicy: 'network-only' })}
        />
      )}
      {!data && !error && <ListSkeleton rows={10} />}
      {settings && (
        // A form begins anew when what it shows was changed, here or elsewhere, and keeps what is being written otherwise.
        <Stack gap="md">
          <BrandCard
            key={key(settings.name, settings.shortName, look?.accent)}
            settings={settings}
          />
          <LogoCard settings={settings} />
          <SenderCard key={key(settings.senderName, settings.replyTo)} settings={settings} />
          <LanguagesCard key={key(look?.language, look?.languages)} settings={settings} />
          <ModulesCard key={key(settings.modules.map((one) => one.isOn))} settings={settings} />
          {settings.changedAt && (
            <Text size="sm" c="dimmed">
              {t.changed(format.dateTime(settings.changedAt), settings.changedBy ?? 'Plenum')}
            </Text>
          )}
        </Stack>
      )}
    </Page>
  );
}
