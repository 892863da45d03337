import { type CDPSession, type Page, expect, test } from '@playwright/test';
import { PASSWORD, asksFor, fits, person, picture } from './app';
import { accessible } from './axe';
import { type Served, serve } from './server';

// A server of its own: browsers keep passkeys for names, not for addresses such as 127.0.0.1.
let server: Served;
test.beforeAll(async () => {
  server = await serve({}, 'localhost');
});
test.afterAll(() => server.stop());

const at = (path: string) => `${server.url}${path}`;

/** Chromium's virtual authenticator, as a phone that knows its owner's finger. */
async function authenticator(page: Page): Promise<{ client: CDPSession; id: string }> {
  const client = await page.context().newCDPSession(page);
  await client.send('WebAuthn.enable');
  const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { client, id: authenticatorId };
}

async function enter(page: Page): Promise<void> {
  await page.getByLabel('Электронная почта').fill('treasurer@plenum.example');
  await page.getByRole('textbox', { name: 'Пароль' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Войти', exact: true }).click();
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Меню пользователя/ }).click();
  await page.getByRole('menuitem', { name: 'Выйти' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
}

test('a passkey signs in, is a second factor, confirms, and is removed', async ({ browser }) => {
  const { context, page } = await person(browser);
  const device = await authenticator(page);
  await page.goto(at('/sign-in'));
  await enter(page);
  await expect(page).toHaveURL(/\/t\//);
  await page.goto(at('/security'));
  const card = page.getByRole('region', { name: 'Ключи входа' });
  await card.getByRole('button', { name: 'Добавить ключ' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Название')).toHaveValue('Компьютер');
  await accessible(page);
  await dialog.getByLabel('Название').fill('Рабочий компьютер');
  await dialog.getByRole('button', { name: 'Продолжить' }).click();
  await expect(page.getByRole('list', { name: 'Резервные коды' }).getByRole('listitem')).toHaveCount(10);
  await page.getByRole('button', { name: 'Коды сохранены' }).click();
  await expect(card.getByRole('listitem')).toHaveCount(1);
  await expect(card.getByText('Рабочий компьютер')).toBeVisible();
  const { credentials } = await device.client.send('WebAuthn.getCredentials', { authenticatorId: device.id });
  expect(credentials.map((one) => [one.isResidentCredential, one.rpId])).toEqual([[true, 'localhost']]);
  await picture(page, 'passkeys-desktop');
  await accessible(page);

  // The device has the key already, and says so.
  await card.getByRole('button', { name: 'Добавить ключ' }).click();
  await dialog.getByRole('button', { name: 'Продолжить' }).click();
  await expect(dialog.getByText('На этом устройстве уже есть ваш ключ.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Отмена' }).click();

  // Alone, without address and password.
  await signOut(page);
  await accessible(page);
  await picture(page, 'sign-in-passkey-desktop');
  await page.getByRole('button', { name: 'Войти ключом' }).click();
  await expect(page).toHaveURL(/\/t\//);

  // After the password.
  await signOut(page);
  await enter(page);
  await expect(page.getByRole('heading', { name: 'Второй шаг' })).toBeVisible();
  await accessible(page);
  await page.getByRole('button', { name: 'Подтвердить ключом' }).click();
  await expect(page).toHaveURL(/\/t\//);

  await page.goto(at('/security'));
  await card.getByRole('button', { name: 'Переименовать ключ «Рабочий компьютер»' }).click();
  await dialog.getByLabel('Название').fill('Ноутбук');
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(card.getByText('Ноутбук')).toBeVisible();

  // As the server answers a session whose confirmation is older than ten minutes; all else is its own.
  let refused = 0;
  await page.route('**/graphql', async (route) => {
    if (refused > 0 || !asksFor(route.request(), 'RemovePasskey')) return route.fallback();
    refused += 1;
    const error = { message: 'confirm', path: ['removePasskey'], extensions: { code: 'FORBIDDEN', reason: 'confirm' } };
    await route.fulfill({ json: { data: null, errors: [error] } });
  });
  await card.getByRole('button', { name: 'Удалить ключ «Ноутбук»' }).click();
  await dialog.getByRole('button', { name: 'Удалить' }).click();
  const question = page.getByRole('dialog', { name: 'Подтвердите, что это вы' });
  await expect(question.getByText('Устройство спросит отпечаток')).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
  await accessible(page);
  await picture(page, 'confirmation-passkey-phone');
  await question.getByRole('button', { name: 'Подтвердить', exact: true }).click();
  await expect(card.getByRole('listitem')).toHaveCount(0);
  expect(refused).toBe(1);
  await expect(page.getByText('Резервные коды')).toHaveCount(0);
  await fits(page);

  // The device still has the key, and nobody here keeps it any more.
  await signOut(page);
  await page.getByRole('button', { name: 'Войти ключом' }).click();
  await expect(page.getByText('Ключ не подошёл')).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in/);
  await context.close();
});

test('who closes the question of the device is told, and may try again', async ({ browser }) => {
  const { context, page } = await person(browser, true);
  const device = await authenticator(page);
  await device.client.send('WebAuthn.setUserVerified', { authenticatorId: device.id, isUserVerified: false });
  await page.goto(at('/sign-in'));
  await page.getByRole('button', { name: 'Войти ключом' }).click();
  await expect(page.getByText('Устройство не подтвердило')).toBeVisible();
  await fits(page);
  await expect(page.getByRole('button', { name: 'Войти ключом' })).toBeEnabled();
  await context.close();
});
