import { expect, test } from '@playwright/test';
import { PASSWORD, person } from './app';
import { type Served, serveForReal } from './server';

// The server as it is run for real: it takes the operations that the build of the app listed, and no others.
let server: Served;
test.beforeAll(async () => {
  server = await serveForReal();
});
test.afterAll(() => server.stop());

test('the app works where only its own operations are known, and asks for no others', async ({ browser }) => {
  const { context, page } = await person(browser);
  const sent: { query?: string; documentId?: string }[] = [];
  const subscribed: string[] = [];
  const heard: string[] = [];
  const refused: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/graphql') && request.method() === 'POST') sent.push(request.postDataJSON());
  });
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      if (String(payload).includes('"subscribe"')) subscribed.push(String(payload));
    });
    socket.on('framereceived', ({ payload }) => heard.push(String(payload)));
  });
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text());
  });
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel('Электронная почта').fill('chair@plenum.example');
  await page.getByRole('textbox', { name: 'Пароль' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Войти', exact: true }).click();
  await expect(page).toHaveURL(/\/t\//);
  for (const path of ['chat', 'members', 'bodies', 'documents', 'learning']) {
    await page.goto(`${server.url}/t/federation/${path}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await page.waitForLoadState('networkidle');
  }
  await expect.poll(() => heard.some((frame) => frame.includes('connection_ack'))).toBe(true);
  expect(sent.length).toBeGreaterThan(5);
  for (const body of sent) {
    expect(body.query).toBeUndefined();
    expect(body.documentId).toMatch(/^sha256:[0-9a-f]{64}$/);
  }
  expect(subscribed.length).toBeGreaterThan(0);
  for (const frame of subscribed) {
    const { payload } = JSON.parse(frame);
    expect(payload.query).toBe('');
    expect(payload.extensions.documentId).toMatch(/^sha256:[0-9a-f]{64}$/);
  }
  expect(heard.filter((frame) => frame.includes('"errors"'))).toEqual([]);
  expect(refused).toEqual([]);

  // The session's cookie is there, and opens nothing that is not listed.
  const own = await page.request.post(`${server.url}/graphql`, {
    headers: { 'x-plenum-tenant': 'federation' },
    data: { query: '{ viewer { account { id } } }' },
  });
  const unknown = { errors: [{ extensions: { code: 'INVALID', reason: 'unknown_operation' } }] };
  expect(await own.json()).toMatchObject(unknown);
  const list = await page.request.get(`${server.url}/.vite/operations.json`);
  expect(list.status()).toBe(404);
  await context.close();
});
