import { type WebSocketRoute, expect, test } from '@playwright/test';
import { person, signIn } from './app';
import { callSession, enter, tenant } from './presidium';

test('a room stays while the API fails', async ({ browser }) => {
  const admin = await person(browser);
  await signIn(admin.page, 'admin');
  const session = await callSession(admin.page, 'Президиум при сбоях');
  const { page, context } = await person(browser);
  const sockets: WebSocketRoute[] = [];
  let fails = false;
  await page.routeWebSocket(/\/graphql$/, (socket) => {
    if (fails) return socket.close({ code: 1011 });
    socket.connectToServer();
    sockets.push(socket);
  });
  await page.route('**/graphql', (route) => {
    const errors = [{ message: 'no', extensions: { code: 'INTERNAL', incident: '1' } }];
    return fails ? route.fulfill({ json: { data: null, errors } }) : route.fallback();
  });
  await signIn(page, 'chair', `/t/${tenant}/sessions/${session}/room`);
  await enter(page);
  await expect(page.getByTestId('quorum')).toContainText('1');

  fails = true;
  for (const socket of sockets) await socket.close({ code: 1011 });
  // The page asks again and again, each time in vain.
  let answers = 0;
  page.on('response', (response) => {
    if (response.url().endsWith('/graphql')) answers += 1;
  });
  await expect.poll(() => answers, { timeout: 60_000 }).toBeGreaterThan(3);
  await expect(page.getByTestId('room')).toHaveAttribute('data-state', 'connected');
  await expect(page.getByTestId('quorum')).toContainText('1');

  // Then it is followed live again.
  fails = false;
  await expect.poll(() => sockets.length, { timeout: 60_000 }).toBeGreaterThan(1);
  await admin.page.close();
  await context.close();
});
