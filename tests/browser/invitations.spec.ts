import { type Page, expect, test } from '@playwright/test';
import { address, ask, fits, person, picture, signIn } from './app';
import { accessible } from './axe';

const PASSWORD = 'четыре рыжих кота поют';

/** The link of the newest letter of invitation to an address, as the mailbox of the demonstration shows it. */
async function linkTo(page: Page, email: string, letters = 1): Promise<string> {
  const lines = page.getByRole('link', { name: /Приглашение: / }).filter({ hasText: email });
  await expect(async () => {
    await page.goto(address('/mailbox'));
    await expect(lines).toHaveCount(letters, { timeout: 3_000 });
  }).toPass();
  await lines.first().click();
  const link = page.frameLocator('iframe').getByRole('link', { name: 'Открыть приглашение' });
  return (await link.getAttribute('href')) ?? '';
}

/** Fills the dialog in and sends the invitation. */
async function invite(page: Page, email: string, name: string, role: string): Promise<void> {
  await page.getByRole('button', { name: 'Пригласить', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Пригласить в организацию' });
  await dialog.getByLabel('Электронная почта').fill(email);
  await dialog.getByLabel('Фамилия, имя, отчество').fill(name);
  await dialog.getByLabel('Роль').selectOption({ label: role });
  await dialog.getByRole('combobox', { name: 'Подразделение' }).click();
  await page.getByRole('listbox').getByRole('option').first().click();
  await dialog.getByRole('button', { name: 'Отправить приглашение' }).click();
  await expect(dialog).toBeHidden();
}

test('somebody is invited by letter, accepts on a phone, and sees what the role allows', async ({ browser }) => {
  const { context, page } = await person(browser);
  await signIn(page, 'admin', '/t/federation/admin/invitations');
  await expect(page.getByRole('heading', { name: 'Приглашений пока нет' })).toBeVisible();
  await accessible(page);
  await page.getByRole('button', { name: 'Пригласить', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Пригласить в организацию' });
  await dialog.getByRole('button', { name: 'Отправить приглашение' }).click();
  await expect(dialog.getByText('Укажите адрес электронной почты.')).toBeVisible();
  await expect(dialog.getByText('Выберите роль.')).toBeVisible();
  await accessible(page);
  await dialog.getByRole('button', { name: 'Отмена' }).click();
  await invite(page, 'lebedeva@example.org', 'Лебедева Ирина Павловна', 'Казначей');
  const rows = page.getByRole('list', { name: 'Приглашения' }).getByRole('listitem');
  const row = rows.filter({ hasText: 'lebedeva@example.org' });
  await expect(row).toContainText('Ждёт ответа');
  // Twice the same is told, and nothing is sent.
  await page.getByRole('button', { name: 'Пригласить', exact: true }).click();
  await dialog.getByLabel('Электронная почта').fill('Lebedeva@Example.org');
  await dialog.getByLabel('Фамилия, имя, отчество').fill('Лебедева Ирина');
  await dialog.getByLabel('Роль').selectOption({ label: 'Казначей' });
  await dialog.getByRole('combobox', { name: 'Подразделение' }).click();
  await page.getByRole('listbox').getByRole('option').first().click();
  await dialog.getByRole('button', { name: 'Отправить приглашение' }).click();
  await expect(page.getByText('Этот адрес уже приглашён на эту роль.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Отмена' }).click();

  const phone = await person(browser, true);
  const link = await linkTo(phone.page, 'lebedeva@example.org');
  await phone.page.goto(link);
  await expect(phone.page.getByRole('heading', { level: 1 })).toContainText('Приглашение в организацию');
  await expect(phone.page.getByText('Казначей')).toBeVisible();
  await expect(phone.page.getByText('lebedeva@example.org')).toBeVisible();
  await fits(phone.page);
  await accessible(phone.page);
  await picture(phone.page, 'invitation-phone');
  await phone.page.getByRole('textbox', { name: 'Пароль' }).fill('1234567890');
  await phone.page.getByRole('button', { name: 'Принять приглашение' }).click();
  await expect(phone.page.getByText('списках украденных паролей')).toBeVisible();
  await phone.page.getByRole('textbox', { name: 'Пароль' }).fill(PASSWORD);
  await phone.page.getByRole('button', { name: 'Принять приглашение' }).click();
  await expect(phone.page).toHaveURL(/\/t\/federation/);
  await phone.page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Взносы' }).click();
  await expect(phone.page).toHaveURL(/\/dues/);
  await expect(phone.page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(phone.page.getByRole('link', { name: 'Управление' })).toHaveCount(0);

  // The link worked once.
  await phone.page.goto(link);
  await expect(phone.page.getByRole('heading', { name: 'Приглашение уже принято' })).toBeVisible();
  await fits(phone.page);
  await accessible(phone.page);
  await phone.page.getByRole('link', { name: 'Открыть организацию' }).click();
  await expect(phone.page).toHaveURL(/\/t\/federation/);
  await phone.context.close();

  await page.reload();
  await expect(row).toContainText('Принято');
  await row.getByRole('link', { name: 'Лебедева Ирина Павловна' }).click();
  await expect(page.getByRole('region', { name: 'Роли' })).toContainText('Назначил(а) Тихонов');
  await context.close();
});

test('who has an account signs in and accepts; another account cannot', async ({ browser }) => {
  const { context, page } = await person(browser);
  await signIn(page, 'admin', '/t/federation/admin/people');
  await invite(page, 'member3@plenum.example', 'Приглашённый Пётр', 'Делопроизводитель');
  const { context: theirs, page: phone } = await person(browser, true);
  const link = await linkTo(phone, 'member3@plenum.example');
  await phone.goto(link);
  await expect(phone.getByText('У вас уже есть учётная запись')).toBeVisible();
  await fits(phone);
  await accessible(phone);
  await page.goto(link);
  await expect(page.getByText('Принять его можно только с этим адресом.')).toBeVisible();
  await accessible(page);

  await phone.getByRole('link', { name: 'Войти' }).click();
  await phone.getByLabel('Электронная почта').fill('member3@plenum.example');
  await phone.getByRole('textbox', { name: 'Пароль' }).fill('plenum-demo-2026');
  await phone.getByRole('button', { name: 'Войти', exact: true }).click();
  await phone.getByRole('button', { name: 'Принять приглашение' }).click();
  await expect(phone).toHaveURL(/\/t\/federation/);
  await expect(phone.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Документы' })).toBeVisible();
  await theirs.close();

  // Whoever is signed in as somebody else signs out first, and is asked for the account of the address.
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'Приглашение уже принято' })).toBeVisible();
  await context.close();
});

test('an invitation is revoked, runs out, and is told so in plain words', async ({ browser }) => {
  const { context, page } = await person(browser);
  await signIn(page, 'admin', '/t/federation/admin/invitations');
  await invite(page, 'revoked@example.org', 'Отозванная Анна', 'Казначей');
  const { context: theirs, page: phone } = await person(browser, true);
  const link = await linkTo(phone, 'revoked@example.org');
  const rows = page.getByRole('list', { name: 'Приглашения' }).getByRole('listitem');
  const row = rows.filter({ hasText: 'revoked@example.org' });
  await row.getByRole('button', { name: 'Отправить снова' }).click();
  await expect(page.getByText('Следующее можно отправить через пять минут')).toBeVisible();
  await row.getByRole('button', { name: 'Отозвать' }).click();
  const question = page.getByRole('dialog', { name: /^Отозвать приглашение/ });
  await accessible(page);
  await question.getByLabel('Основание').fill('Ошиблись адресом');
  await question.getByRole('button', { name: 'Отозвать' }).click();
  await expect(row).toContainText('Отозвано');
  await phone.goto(link);
  await expect(phone.getByRole('heading', { name: 'Приглашение отозвано' })).toBeVisible();
  await fits(phone);
  await accessible(phone);
  await picture(phone, 'invitation-revoked-phone');

  // A role for a moment: the link is not worth anything beyond its term.
  const units = await ask<{ units: { nodes: { id: string }[] } }>(page, 'federation', '{ units(first: 1) { nodes { id } } }');
  const input = {
    email: 'late@example.org',
    name: 'Опоздавший Олег',
    language: 'RU',
    role: 'treasurer',
    unit: units.units.nodes[0]?.id,
    until: new Date(Date.now() + 20_000).toISOString(),
  };
  const operation = 'mutation($input: InviteInput!) { invite(input: $input) { status } }';
  const sent = await ask<{ invite: { status: string } }>(page, 'federation', operation, { input });
  expect(sent.invite.status).toBe('OK');
  const late = await linkTo(phone, 'late@example.org');
  await expect(async () => {
    await phone.goto(late);
    await expect(phone.getByRole('heading', { name: 'Срок приглашения истёк' })).toBeVisible({ timeout: 3_000 });
  }).toPass();
  await fits(phone);
  await accessible(phone);
  await phone.goto(`${late}0`);
  await expect(phone.getByRole('heading', { name: 'Ссылка не подходит' })).toBeVisible();
  await accessible(phone);
  await theirs.close();

  await invite(page, 'waits@example.org', 'Ожидаемая Вера Сергеевна', 'Руководитель обучения');
  await expect(rows.filter({ hasText: 'waits@example.org' })).toContainText('Ждёт ответа');
  await accessible(page);
  await picture(page, 'invitations-desktop');
  await page.getByLabel('Состояние').selectOption({ label: 'Отозвано' });
  await expect(rows).toHaveCount(1);
  await page.getByLabel('Поиск по имени или адресу').fill('нет такого');
  await expect(page.getByRole('heading', { name: 'Ничего не нашлось' })).toBeVisible();
  await context.close();
});

test('invitations fit a phone, and administration is marked on all of its pages', async ({ browser }) => {
  const { context, page } = await person(browser, true);
  await signIn(page, 'admin', '/t/federation/');
  const place = page.getByRole('navigation', { name: 'Разделы' }).getByRole('link', { name: 'Управление' });
  await place.click();
  await expect(page.getByRole('heading', { level: 1, name: 'Люди с доступом' })).toBeVisible();
  await expect(page).toHaveURL(/\/admin\/people$/);
  for (const path of ['invitations', 'roles', 'who-can', 'audit', 'tenants', 'people']) {
    await page.goto(address(`/t/federation/admin/${path}`));
    await expect(place).toHaveAttribute('aria-current', 'page');
  }
  await page.goto(address('/t/federation/admin/invitations'));
  await expect(page.getByRole('list', { name: 'Приглашения' })).toBeVisible();
  await fits(page);
  await accessible(page);
  await picture(page, 'invitations-phone');
  await page.getByRole('button', { name: 'Пригласить', exact: true }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await fits(page);
  await accessible(page);
  await picture(page, 'invitation-new-phone');
  await context.close();
});
