import { createHmac } from 'node:crypto';
import { type Browser, type Page, expect, test } from '@playwright/test';
import { PASSWORD, asksFor, fits, person, picture } from './app';
import { accessible } from './axe';
import { type Served, serve } from './server';

// A server of its own: what is changed here is how people sign in.
let server: Served;
test.beforeAll(async () => {
  server = await serve();
});
test.afterAll(() => server.stop());

const at = (path: string) => `${server.url}${path}`;

/** The code of an authenticator (RFC 6238), so many steps from now. */
function code(secret: string, steps: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replaceAll(' ', '')].map((sign) => alphabet.indexOf(sign).toString(2).padStart(5, '0'));
  const bytes = bits.join('').match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const tag = createHmac('sha1', Buffer.from(bytes)).update(counter).digest();
  const number = tag.readUInt32BE((tag.at(-1) ?? 0) & 0xf) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

async function enter(page: Page, account: string): Promise<void> {
  await page.goto(at('/sign-in'));
  await page.getByLabel('Электронная почта').fill(`${account}@plenum.example`);
  await page.getByRole('textbox', { name: 'Пароль' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Войти', exact: true }).click();
}

async function security(browser: Browser, account: string, phone = false): Promise<Page> {
  const { page } = await person(browser, phone);
  await enter(page, account);
  await expect(page).toHaveURL(/\/t\//);
  await page.goto(at('/security'));
  await expect(page.getByRole('heading', { level: 1, name: 'Безопасность' })).toBeVisible();
  return page;
}

test('sessions are listed and ended', async ({ browser }) => {
  const here = await security(browser, 'treasurer');
  const there = await security(browser, 'treasurer');
  await here.reload();
  const rows = here.getByRole('region', { name: 'Сеансы' }).getByRole('listitem');
  await expect(rows).toHaveCount(2);
  await accessible(here);
  await here.getByRole('button', { name: 'Завершить остальные' }).click();
  await here.getByRole('dialog').getByRole('button', { name: 'Завершить' }).click();
  await expect(rows).toHaveCount(1);
  await there.reload();
  await expect(there).toHaveURL(/\/sign-in/);
  await here.context().close();
  await there.context().close();
});

test('a code of an authenticator is asked for after the password', async ({ browser }) => {
  const page = await security(browser, 'keeper');
  await page.getByRole('button', { name: 'Настроить' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('img', { name: 'QR-код' })).toBeVisible();
  const secret = (await dialog.locator('code').textContent()) ?? '';
  await picture(page, 'security-totp-desktop');
  await accessible(page);
  // Each code is taken once, and one step before and after now is taken too.
  await dialog.getByLabel('Код из приложения').fill(code(secret, -1));
  await dialog.getByRole('button', { name: 'Включить' }).click();
  const codes = page.getByRole('list', { name: 'Резервные коды' }).getByRole('listitem');
  await expect(codes).toHaveCount(10);
  const [recovery = ''] = await codes.allTextContents();
  await page.getByRole('button', { name: 'Коды сохранены' }).click();
  await picture(page, 'security-desktop');
  await accessible(page);
  await page.context().close();

  const { context, page: phone } = await person(browser, true);
  await enter(phone, 'keeper');
  await expect(phone.getByRole('heading', { name: 'Второй шаг' })).toBeVisible();
  await expect(phone.getByLabel('Код из приложения')).toBeFocused();
  await fits(phone);
  await accessible(phone);
  await picture(phone, 'second-step-phone');
  await phone.getByLabel('Код из приложения').fill('000000');
  await phone.getByRole('button', { name: 'Продолжить' }).click();
  await expect(phone.getByText('Код не подошёл')).toBeVisible();
  await phone.getByRole('button', { name: 'Ввести резервный код' }).click();
  await phone.getByLabel('Резервный код').fill(recovery.toLowerCase());
  await phone.getByRole('button', { name: 'Продолжить' }).click();
  await expect(phone).toHaveURL(/\/t\//);
  await phone.goto(at('/security'));
  await expect(phone.getByText('Осталось: 9 из 10')).toBeVisible();
  await fits(phone);
  await accessible(phone);
  await picture(phone, 'security-phone');
  await context.close();
});

test('what was refused until a confirmation is done after it', async ({ browser }) => {
  const page = await security(browser, 'secretary');
  // The answer of the server to a session whose confirmation is older than ten minutes; all else is its own.
  let refused = 0;
  await page.route('**/graphql', async (route) => {
    if (refused > 0 || !asksFor(route.request(), 'StartTotp')) return route.fallback();
    refused += 1;
    const error = { message: 'confirm', path: ['startTotp'], extensions: { code: 'FORBIDDEN', reason: 'confirm' } };
    await route.fulfill({ json: { data: null, errors: [error] } });
  });
  await page.getByRole('button', { name: 'Настроить' }).click();
  const dialog = page.getByRole('dialog', { name: 'Подтвердите, что это вы' });
  await expect(dialog).toBeVisible();
  await accessible(page);
  await dialog.getByRole('textbox', { name: 'Пароль' }).fill('not the password');
  await dialog.getByRole('button', { name: 'Подтвердить' }).click();
  await expect(dialog.getByText('Неверный пароль')).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
  await picture(page, 'confirmation-phone');
  await dialog.getByRole('textbox', { name: 'Пароль' }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Подтвердить' }).click();
  await expect(page.getByRole('img', { name: 'QR-код' })).toBeVisible();
  expect(refused).toBe(1);

  // Closing the question leaves things as they were.
  await page.reload();
  refused = 0;
  await page.getByRole('button', { name: 'Настроить' }).click();
  await dialog.getByRole('button', { name: 'Закрыть' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('img', { name: 'QR-код' })).toBeHidden();
  await page.context().close();
});

test('a leaked password is refused in plain words', async ({ browser }) => {
  const page = await security(browser, 'member5');
  await page.getByRole('button', { name: 'Сменить пароль' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Текущий пароль' }).fill(PASSWORD);
  // «qwertyuiop», typed on a Russian keyboard.
  await dialog.getByRole('textbox', { name: 'Новый пароль' }).fill('йцукенгшщз');
  await dialog.getByRole('button', { name: 'Сохранить пароль' }).click();
  await expect(dialog.getByText('Этот пароль есть в списках украденных паролей')).toBeVisible();
  await accessible(page);
  await dialog.getByRole('textbox', { name: 'Новый пароль' }).fill('четыре рыжих кота поют');
  await dialog.getByRole('button', { name: 'Сохранить пароль' }).click();
  await expect(page.getByText('Пароль изменён, остальные сеансы завершены.')).toBeVisible();
  await page.context().close();
});

test('an address is changed by the link that comes to it', async ({ browser }) => {
  const page = await security(browser, 'member6');
  const card = page.getByRole('region', { name: 'Электронная почта' });
  await expect(card.getByText('Не подтверждена')).toBeVisible();
  await card.getByRole('button', { name: 'Сменить адрес' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Новый адрес').fill('new-address@plenum.example');
  await accessible(page);
  await dialog.getByRole('button', { name: 'Отправить ссылку' }).click();
  await expect(card.getByText('Ждём подтверждения адреса new-address@plenum.example')).toBeVisible();
  await accessible(page);

  const ask = async (query: string) => {
    const answer = await page.request.post(at('/graphql'), { data: { query } });
    return ((await answer.json()) as { data: Record<string, never> }).data;
  };
  type Line = { id: string; to: string; subject: string };
  const letters = async () => {
    const { developmentMailbox } = await ask('{ developmentMailbox(first: 50) { nodes { id to subject } } }');
    const { nodes } = developmentMailbox as { nodes: Line[] };
    return nodes.filter((one) => one.to.includes('new-address@') && one.subject.includes('Подтвердите адрес'));
  };
  await expect.poll(async () => (await letters()).length).toBe(1);
  const [letter] = await letters();
  const { developmentLetter } = await ask(`{ developmentLetter(id: "${letter?.id}") { html } }`);
  const { html } = developmentLetter as { html: string };
  const link = /href="([^"]*confirm-email[^"]*)"/.exec(html)?.[1] ?? '';
  for (const outcome of ['Адрес подтверждён', 'Ссылка устарела или уже использована']) {
    await page.goto(link);
    await page.getByRole('button', { name: 'Подтвердить адрес' }).click();
    await expect(page.getByText(outcome)).toBeVisible();
    await accessible(page);
    await fits(page);
  }
  await page.goto(at('/security'));
  await expect(card.getByText('new-address@plenum.example')).toBeVisible();
  await expect(card.getByText('Подтверждена', { exact: true })).toBeVisible();
  await page.context().close();
});
