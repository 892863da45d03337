import { type Page, expect, test } from '@playwright/test';
import { provide } from '../oidc/peer.js';
import { PASSWORD, fits, person, picture } from './app';
import { accessible } from './axe';
import { type Served, freePort, serve } from './server';

// A server of its own, beside a provider that is not ours.
let server: Served;
let port: number;
let peer: Awaited<ReturnType<typeof provide>> | undefined;
test.beforeAll(async () => {
  port = await freePort();
  server = await serve({ PLENUM_OUTGOING_ALLOW: `http://127.0.0.1:${port}` });
});
test.afterAll(async () => {
  await peer?.stop();
  await server.stop();
});

const SECRET = 'a secret of the tests, long enough';

/** A person signs in at the provider, and agrees when they are asked to. */
async function signInThere(page: Page, name: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(name);
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  const agree = page.getByRole('button', { name: 'Continue' });
  const home = page.getByRole('heading', { level: 1 }).and(page.locator('#main *, main *'));
  await expect(agree.or(home).first()).toBeVisible();
  if (await agree.isVisible()) await agree.click();
}

test('an organization has its people sign in by its own provider', async ({ browser }) => {
  const { page } = await person(browser);
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel('Электронная почта').fill('ADMIN@plenum.example');
  await page.getByRole('textbox', { name: 'Пароль' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Войти', exact: true }).click();
  await expect(page).toHaveURL(/\/t\//);
  const slug = new URL(page.url()).pathname.split('/')[2] ?? '';

  await page.goto(`${server.url}/t/${slug}/security`);
  await page.getByRole('link', { name: 'Настроить для организации' }).click();
  const redirect = await page.locator('code').innerText();
  const client = {
    client_id: 'plenum',
    client_secret: SECRET,
    redirect_uris: [redirect],
    response_types: ['code'],
    grant_types: ['authorization_code'],
  };
  peer = await provide(port, client, { anna: { email: 'anna@factory.example', email_verified: true, name: 'Anna' } });
  await page.getByLabel('Надпись на кнопке').fill('Войти через завод');
  await page.getByLabel('Адрес поставщика').fill('https://10.0.0.1/');
  await page.getByLabel('Идентификатор клиента').fill('plenum');
  await page.getByRole('textbox', { name: 'Секрет клиента' }).fill(SECRET);
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText('Нужен адрес https:// без параметров')).toBeVisible();
  await page.getByLabel('Адрес поставщика').fill(peer.issuer);
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText('Вход через организацию настроен.')).toBeVisible();
  await accessible(page);
  await picture(page, 'provider-desktop');

  await page.getByRole('link', { name: 'Безопасность' }).first().click();
  await page.getByRole('region', { name: 'Вход через организацию' }).getByRole('button', { name: 'Подключить' }).click();
  await signInThere(page, 'anna');
  await expect(page.getByText('Вход через организацию подключён.')).toBeVisible();
  await expect(page.getByText('Подключён с')).toBeVisible();
  await accessible(page);

  const phone = await person(browser, true);
  await phone.page.goto(`${server.url}/sign-in?organization=${slug}`);
  await expect(phone.page.getByRole('button', { name: 'Войти через завод' })).toBeVisible();
  await accessible(phone.page);
  await fits(phone.page);
  await picture(phone.page, 'sign-in-provider-phone');
  await phone.page.getByRole('button', { name: 'Войти через завод' }).click();
  await signInThere(phone.page, 'anna');
  await expect(phone.page).toHaveURL(new RegExp(`/t/${slug}`));
  await phone.page.goto(`${server.url}/t/${slug}/security`);
  await expect(phone.page.getByText('Этот сеанс начат через неё')).toBeVisible();

  // The administrator's other organizations are not shown to it; who is not known is told so.
  const stranger = await person(browser);
  await stranger.page.goto(`${server.url}/sign-in?organization=${slug}`);
  await stranger.page.getByRole('button', { name: 'Войти через завод' }).click();
  await signInThere(stranger.page, 'nobody');
  await expect(stranger.page.getByText('не подтвердила ваш адрес почты')).toBeVisible();
  for (const context of [page.context(), phone.context, stranger.context]) await context.close();
});
