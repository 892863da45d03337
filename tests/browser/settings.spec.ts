import { type Page, expect, test } from '@playwright/test';
import { address, fits, person, picture, signIn } from './app';
import { accessible } from './axe';

/** Yellow: nobody reads it on white. */
const BAD = '#ffd500';

/** What a variable of the design system is on a page. */
function variable(page: Page, name: string): Promise<string> {
  return page.evaluate((one) => getComputedStyle(document.documentElement).getPropertyValue(one).trim(), name);
}

/** The picture in the place of the product's mark. */
function mark(page: Page): Promise<string> {
  const logo = page.locator('.shell-logo');
  return logo.evaluate((one) => getComputedStyle(one, '::before').backgroundImage);
}

/** A picture made in the browser: a ring on a transparent ground. */
async function drawn(page: Page): Promise<Buffer> {
  const url = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 256, height: 128 });
    const context = canvas.getContext('2d');
    if (!context) throw new Error('the browser does not draw');
    context.lineWidth = 24;
    context.strokeStyle = '#b8860b';
    context.strokeRect(20, 20, 88, 88);
    context.strokeRect(148, 20, 88, 88);
    return canvas.toDataURL('image/png');
  });
  return Buffer.from(url.split(',')[1] ?? '', 'base64');
}

test('an administrator sets colour, logo and modules, and a member on a phone sees it at once', async ({ browser }) => {
  const admin = await person(browser);
  const { page } = admin;
  await signIn(page, 'admin', '/t/federation/admin/organization');
  await expect(page.getByRole('heading', { name: 'Организация', level: 1 })).toBeVisible();
  const member = await person(browser, true);
  await signIn(member.page, 'member1', '/t/federation/chat');
  const places = member.page.getByRole('navigation', { name: 'Разделы' });
  await expect(places.getByRole('link', { name: /^Чаты/ })).toBeVisible();
  const usual = await variable(member.page, '--mantine-color-brand-8');

  // A colour that cannot be read: the page says so, and shows what is shown instead.
  const brand = page.getByRole('region', { name: 'Название и цвет' });
  await brand.getByLabel('Цвет оформления').fill('жёлтый');
  await brand.getByRole('button', { name: 'Сохранить' }).click();
  await expect(brand.getByText('Цвет — решётка и шесть знаков')).toBeVisible();
  await brand.getByLabel('Цвет оформления').fill(BAD);
  await expect(brand.getByText(/На белом этот цвет читается плохо: контраст 1,\d+:1/)).toBeVisible();
  await accessible(page);
  await brand.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText(/Последнее изменение/)).toBeVisible();
  await expect.poll(() => variable(page, '--mantine-color-brand-8')).not.toBe(usual);
  const shade = await variable(page, '--mantine-color-brand-8');
  expect(shade).not.toBe(BAD);
  // What was chosen is shown as it is where it can be read: in the dark scheme.
  await page.getByRole('button', { name: 'Тёмная тема' }).click();
  await expect.poll(() => variable(page, '--mantine-color-anchor')).toBe(BAD);
  await accessible(page);
  await page.getByRole('button', { name: 'Светлая тема' }).click();
  // The member's open page has the colour without being loaded again.
  await expect.poll(() => variable(member.page, '--mantine-color-brand-8')).toBe(shade);

  // A logo: what is none is refused, what is one is in the head of every page.
  const logo = page.getByRole('region', { name: 'Логотип' });
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
  await logo.locator('input[type=file]').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: svg });
  await expect(logo.getByText('Это не PNG, не JPEG и не WebP.')).toBeVisible();
  const file = { name: 'logo.png', mimeType: 'image/png', buffer: await drawn(page) };
  await logo.locator('input[type=file]').setInputFiles(file);
  await expect(logo.getByRole('img', { name: 'Логотип организации' })).toBeVisible();
  await expect.poll(() => mark(page)).toContain('/logos/federation/');
  await expect.poll(() => mark(member.page)).toContain('/logos/federation/');

  // Letters: a header is no name.
  const sender = page.getByRole('region', { name: 'Письма' });
  await sender.getByLabel('Имя отправителя').fill('Федерация <bank@example.org>');
  await sender.getByLabel('Адрес для ответов').fill('priem@federation.example');
  await sender.getByRole('button', { name: 'Сохранить' }).click();
  await expect(sender.getByText(/Уберите знаки/)).toBeVisible();
  await sender.getByLabel('Имя отправителя').fill('Областная федерация');
  await expect(sender.getByText(/Областная федерация <.+@.+>/)).toBeVisible();
  await sender.getByRole('button', { name: 'Сохранить' }).click();
  await expect(sender.getByText(/Уберите знаки/)).toBeHidden();
  await picture(page, 'organization-desktop');

  // Conversations are switched off: they are gone for the member, who was reading them.
  const modules = page.getByRole('region', { name: 'Разделы' });
  const chats = modules.getByRole('switch', { name: 'Чаты' });
  await chats.click();
  await modules.getByRole('button', { name: 'Сохранить' }).click();
  const question = page.getByRole('dialog', { name: 'Выключить: Чаты?' });
  await question.getByLabel('Основание').fill('Пользуемся почтой');
  await accessible(page);
  await question.getByRole('button', { name: 'Выключить' }).click();
  await expect(question).toBeHidden();
  await expect(chats).not.toBeChecked();
  await expect(member.page.getByText('Этот раздел выключен администратором')).toBeVisible();
  await expect(member.page).toHaveURL(/\/t\/federation\/?$/);
  await expect(places.getByRole('link', { name: /^Чаты/ })).toHaveCount(0);
  await expect(page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: /^Чаты/ })).toHaveCount(0);
  await fits(member.page);
  await accessible(member.page);
  await picture(member.page, 'organization-brand-phone');
  // Whoever still has the address is told why.
  await member.page.goto(address('/t/federation/chat'));
  await expect(member.page.getByText('Этот раздел выключен администратором').first()).toBeVisible();

  // The page itself, on a phone; and the page of signing in, when its address names the organization.
  const phone = await person(browser, true);
  await signIn(phone.page, 'admin', '/t/federation/admin/organization');
  await expect(phone.page.getByRole('region', { name: 'Название и цвет' })).toBeVisible();
  await fits(phone.page);
  await accessible(phone.page);
  await picture(phone.page, 'organization-phone');
  await phone.context.close();
  const stranger = await person(browser);
  await stranger.page.goto(address('/sign-in?organization=federation'));
  await expect.poll(() => mark(stranger.page)).toContain('/logos/federation/');
  await expect.poll(() => variable(stranger.page, '--mantine-color-brand-8')).toBe(shade);
  await accessible(stranger.page);
  await picture(stranger.page, 'organization-sign-in-desktop');
  await stranger.context.close();

  // Everything is as before when it is taken back.
  await chats.click();
  await modules.getByRole('button', { name: 'Сохранить' }).click();
  await expect(places.getByRole('link', { name: /^Чаты/ })).toBeVisible();
  await sender.getByLabel('Имя отправителя').fill('');
  await sender.getByLabel('Адрес для ответов').fill('');
  await sender.getByRole('button', { name: 'Сохранить' }).click();
  await logo.getByRole('button', { name: 'Убрать логотип' }).click();
  await expect(logo.getByText('Логотипа нет')).toBeVisible();
  await brand.getByRole('button', { name: 'Убрать цвет' }).click();
  await brand.getByRole('button', { name: 'Сохранить' }).click();
  await expect.poll(() => variable(member.page, '--mantine-color-brand-8')).toBe(usual);
  await member.context.close();
  await admin.context.close();
});
