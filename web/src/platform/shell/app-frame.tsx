import { ActionIcon, Button } from '@mantine/core';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { House, Search } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useSocketState } from '#platform/client';
import { useLanguage, useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { TenantMenu, UserMenu } from './header-menus';
import { links } from './links';
import { LogoMark } from './logo';
import type { ModuleEntry, NavItem } from './module-entry';
import { PreferenceButtons } from './preferences';
import { shellTexts } from './texts';

const Palette = lazy(() => import('./palette'));
const ShortcutHelp = lazy(() => import('./shortcut-help'));

/** Head, navigation and content of every page of an organization. */
export default function AppFrame(props: { modules: readonly ModuleEntry[]; children: ReactNode }) {
  const t = useTexts(shellTexts);
  const tenancy = useTenancy();
  const language = useLanguage();
  const navigate = useNavigate();
  const socket = useSocketState();
  const place = useLocation({ select: (location) => location.pathname });
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const home: NavItem = {
    id: 'home',
    label: t.home,
    icon: House,
    link: links.home(tenancy.tenant.slug),
  };
  const nav = [home, ...props.modules.flatMap((entry) => entry.nav(tenancy, language))];
  const commands = props.modules.flatMap((entry) => entry.commands(tenancy, language));

  // On a phone the places lie in a row wider than the screen: where one is must be seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the place decides which link is active.
  useEffect(() => {
    document
      .querySelector('.shell-nav [data-status]')
      ?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [place]);

  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if ((event.ctrlKey || event.metaKey) && event.code === 'KeyK') {
        event.preventDefault();
        setPalette(true);
      }
      if (event.key === '?' && !isTyping(event.target)) setHelp(true);
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        {t.skip}
      </a>
      <header className="shell-head">
        <Link {...links.home(tenancy.tenant.slug)} className="shell-logo" aria-label="Plenum">
          <LogoMark />
          <span className="only-desktop">Plenum</span>
        </Link>
        <TenantMenu />
        <div style={{ flex: 1 }} />
        <Button
          className="only-desktop"
          variant="default"
          size="xs"
          leftSection={<Search size={15} aria-hidden />}
          rightSection={<kbd style={{ fontSize: 11, opacity: 0.75 }}>Ctrl K</kbd>}
          onClick={() => setPalette(true)}
        >
          {t.search}
        </Button>
        <ActionIcon
          className="only-phone"
          variant="subtle"
          color="gray"
          c="inherit"
          size={40}
          aria-label={t.search}
          onClick={() => setPalette(true)}
        >
          <Search size={20} style={{ marginTop: 6 }} />
        </ActionIcon>
        <span
          className="only-desktop"
          style={{ display: 'inline-flex', alignItems: 'center', gap: 2 }}
        >
          <PreferenceButtons />
        </span>
        <UserMenu />
      </header>
      <nav className="shell-nav" aria-label={t.navigation}>
        {nav.map((item) => (
          <Link key={item.id} {...item.link} activeOptions={{ exact: item.id === 'home' }}>
            <item.icon size={20} strokeWidth={1.8} aria-hidden />
            <span>{item.label}</span>
            {item.Badge && (
              <Suspense>
                <item.Badge />
              </Suspense>
            )}
          </Link>
        ))}
      </nav>
      <main className="shell-main" id="main" tabIndex={-1} style={{ outline: 'none' }}>
        {props.children}
      </main>
      {socket === 'reconnecting' && (
        <div className="shell-offline" role="status">
          {t.offline}
        </div>
      )}
      <Suspense>
        {palette && (
          <Palette
            places={nav}
            commands={commands}
            onClose={() => setPalette(false)}
            onChoose={(command) => {
              setPalette(false);
              void navigate(command.link);
            }}
          />
        )}
        {help && <ShortcutHelp onClose={() => setHelp(false)} />}
      </Suspense>
    </div>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, [contenteditable]') !== null
  );
}
