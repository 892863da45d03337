import { Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import {
  Building2,
  Check,
  ChevronsUpDown,
  Languages,
  LogOut,
  Mail,
  Moon,
  ShieldCheck,
  Sun,
} from 'lucide-react';
import { clientFor, failureText, graphql, readFailure } from '#platform/client';
import { toast } from '#platform/design';
import { Dropdown, type DropdownItem } from '#platform/design/dropdown';
import { useLanguageChoice, useTexts } from '#platform/languages';
import { reloadSession, useSessionFacts, useTenancy } from '#platform/session';
import { initials } from './initials';
import { links } from './links';
import { useSwitchLanguage, useSwitchTheme } from './preferences';
import { shellTexts } from './texts';

const SignOut = graphql(`
  mutation SignOut {
    signOut {
      done
    }
  }
`);

/** Which organization is being worked in; an account may act in several. */
export function TenantMenu() {
  const t = useTexts(shellTexts);
  const { tenant } = useTenancy();
  const navigate = useNavigate();
  const tenants = useSessionFacts()?.viewer?.tenants ?? [];
  return (
    <Dropdown
      label={t.tenant(tenant.name)}
      align="start"
      buttonClass="shell-tenant"
      button={
        <>
          <Building2 size={17} aria-hidden />
          <span className="truncate">{tenant.shortName}</span>
          <ChevronsUpDown size={15} aria-hidden />
        </>
      }
      head={
        <Text size="xs" c="dimmed" px={10} py={6}>
          {t.tenants}
        </Text>
      }
      items={tenants.map((access) => ({
        id: access.tenant.id,
        current: access.tenant.slug === tenant.slug,
        icon: (
          <Check
            size={16}
            aria-hidden
            style={{ visibility: access.tenant.slug === tenant.slug ? 'visible' : 'hidden' }}
          />
        ),
        content: (
          <>
            <Text size="sm" fw={500}>
              {access.tenant.shortName}
            </Text>
            <Text size="xs" c="dimmed">
              {access.tenant.isFederation ? t.federation : access.tenant.name}
            </Text>
          </>
        ),
        onChoose: () => void navigate(links.home(access.tenant.slug)),
      }))}
    />
  );
}

/** Who is signed in, and what concerns only them. */
export function UserMenu() {
  const t = useTexts(shellTexts);
  const facts = useSessionFacts();
  const { tenant } = useTenancy();
  const navigate = useNavigate();
  const switchLanguage = useSwitchLanguage();
  const choice = useLanguageChoice();
  const { dark, switchTheme } = useSwitchTheme();
  const account = facts?.viewer?.account;
  if (!account) return null;

  async function signOut() {
    const answer = await clientFor(null).mutation(SignOut, {}).toPromise();
    if (answer.error) {
      toast.bad(failureText(readFailure(answer.error)));
      return;
    }
    await reloadSession();
    await navigate(links.signIn());
    toast.good(t.signedOut);
  }

  const items: DropdownItem[] = [
    {
      id: 'security',
      content: t.security,
      icon: <ShieldCheck size={16} aria-hidden />,
      onChoose: () => void navigate(links.security(tenant.slug)),
    },
    {
      id: 'theme',
      content: dark ? t.themeLight : t.themeDark,
      icon: dark ? <Sun size={16} aria-hidden /> : <Moon size={16} aria-hidden />,
      onChoose: switchTheme,
    },
  ];
  if (choice) {
    items.push({
      id: 'language',
      content: t.otherLanguage,
      icon: <Languages size={16} aria-hidden />,
      onChoose: switchLanguage,
    });
  }
  if (facts?.installation.developmentMailbox) {
    items.push({
      id: 'mailbox',
      content: t.mailbox,
      icon: <Mail size={16} aria-hidden />,
      onChoose: () => void navigate(links.mailbox()),
    });
  }
  items.push({
    id: 'sign-out',
    content: t.signOut,
    icon: <LogOut size={16} aria-hidden />,
    onChoose: () => void signOut(),
  });

  return (
    <Dropdown
      label={t.userMenu(account.displayName)}
      align="end"
      buttonClass="shell-user"
      button={initials(account.displayName)}
      head={
        <div className="shell-user-head">
          <Text size="sm" fw={600}>
            {account.displayName}
          </Text>
          <Text size="xs" c="dimmed" className="truncate">
            {account.email}
          </Text>
        </div>
      }
      items={items}
    />
  );
}
