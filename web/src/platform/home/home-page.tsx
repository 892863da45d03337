import { SimpleGrid, Stack } from '@mantine/core';
import { ButtonLink, Page } from '#platform/design';
import { type Catalogue, useLanguage, useTexts } from '#platform/languages';
import { useSessionFacts, useTenancy } from '#platform/session';
import type { ModuleEntry } from '#platform/shell';
import './home.css';

const ru = {
  title: 'Главная',
  hello: (name: string) => `Здравствуйте, ${name}!`,
  actions: 'Быстрые действия',
};
const en: typeof ru = {
  title: 'Home',
  hello: (name) => `Hello, ${name}!`,
  actions: 'Quick actions',
};
const texts: Catalogue<typeof ru> = { ru, en };

/** The first page of an organization: cards and actions that the modules contribute. */
export default function HomePage(props: { modules: readonly ModuleEntry[] }) {
  const t = useTexts(texts);
  const tenancy = useTenancy();
  const language = useLanguage();
  const name = useSessionFacts()?.viewer?.account.displayName ?? '';
  const commands = props.modules.flatMap((entry) => entry.commands(tenancy, language));
  const cards = props.modules.flatMap((entry) => entry.homeCards);
  return (
    <Page title={t.hello(address(name))} subtitle={tenancy.tenant.name}>
      {commands.length > 0 && (
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm" mb="lg" aria-label={t.actions}>
          {commands.map((command) => (
            <ButtonLink
              key={command.id}
              link={command.link}
              variant="default"
              size="md"
              justify="flex-start"
              leftSection={<command.icon size={18} aria-hidden />}
            >
              {command.label}
            </ButtonLink>
          ))}
        </SimpleGrid>
      )}
      <div className="home-columns">
        <Stack gap="md">
          {cards
            .filter((card) => card.area === 'main')
            .map((card) => (
              <card.Card key={card.id} />
            ))}
        </Stack>
        <Stack gap="md">
          {cards
            .filter((card) => card.area === 'side')
            .map((card) => (
              <card.Card key={card.id} />
            ))}
        </Stack>
      </div>
    </Page>
  );
}

/** Given name and patronymic of a full Russian name ("Иванова Анна Сергеевна"); others as they are. */
function address(name: string): string {
  const words = name.split(/\s+/);
  return words.length === 3 ? words.slice(1).join(' ') : name;
}
