import { Text, Title, UnstyledButton } from '@mantine/core';
import { useTexts } from '#platform/languages';
import type { SessionFacts } from '#platform/session';
import { entryTexts } from './texts';

type DemoAccount = SessionFacts['installation']['demoAccounts'][number];

/** The accounts of a demonstration: a click fills in the form. */
export default function DemoAccounts(props: {
  accounts: readonly DemoAccount[];
  onChoose: (account: DemoAccount) => void;
}) {
  const t = useTexts(entryTexts);
  return (
    <section className="card entry-panel" aria-label={t.demoTitle}>
      <div style={{ padding: '16px 20px 8px' }}>
        <Title order={2} size="h3">
          {t.demoTitle}
        </Title>
        <Text size="sm" c="dimmed">
          {t.demoText}
        </Text>
      </div>
      <div className="list-rows" style={{ maxHeight: 320, overflow: 'auto' }}>
        {props.accounts.map((account) => (
          <UnstyledButton
            key={account.email}
            className="row-link"
            px={20}
            py={9}
            w="100%"
            aria-label={t.demoFill(account.name)}
            onClick={() => props.onChoose(account)}
          >
            <Text size="sm" fw={500}>
              {account.name}
            </Text>
            <Text size="xs" c="dimmed">
              {account.role} · {account.email}
            </Text>
          </UnstyledButton>
        ))}
      </div>
    </section>
  );
}
