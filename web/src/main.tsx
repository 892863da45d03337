import '@mantine/core/styles.css';
import '@fontsource-variable/golos-text/wght.css';
import '#platform/design/design.css';
import '#platform/shell/shell.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { cssVariables, Toasts, theme } from '#platform/design';
import { ConfirmationHost } from '#platform/security/confirmation-host';
import { onSessionEnded } from '#platform/session';
import { links } from '#platform/shell';
import { router } from './routes/router';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

onSessionEnded(() => void router.navigate(links.signIn(router.state.location.href)));

const colorScheme = localStorageColorSchemeManager({ key: 'plenum.theme' });

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorScheme}
      defaultColorScheme="auto"
    >
      <RouterProvider router={router} />
      <ConfirmationHost />
      <Toasts />
    </MantineProvider>
  </StrictMode>,
);
