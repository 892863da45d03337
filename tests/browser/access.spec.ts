import { type Page, expect, test } from '@playwright/test';
import { PASSWORD, address, asksFor, fits, person, picture, signIn } from './app';
import { accessible } from './axe';

const PERSON = 'Белова Татьяна Николаевна';

/** Opens the page of a member of the council. */
async function open(page: Page): Promise<void> {
  await page.getByLabel('Поиск по имени').fill('белова тат');
  const people = page.getByRole('list', { name: 'Люди с доступом' });
  await expect(people.getByRole('listitem')).toHaveCount(1);
  await people.getByRole('link', { name: PERSON }).click();
  await expect(page.getByRole('heading', { level: 1, name: PERSON })).toBeVisible();
  await expect(page.getByText('Потому что:').first()).toBeVisible();
}

/** Chooses the unit of this test. */
async function unit(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Подразделение' }).fill('Дома культуры');
  await page.getByRole('listbox').getByRole('option').click();
}

test('an administrator makes a role, gives it, sees why, and takes it back', async ({ browser }) => {
  const { context, page } = await person(browser);
  await signIn(page, 'admin', '/t/federation/admin/roles');
  await page.getByRole('link', { name: 'Ответственный за учёт' }).click();
  await expect(page.getByText('Видеть реестр').first()).toBeVisible();
  await accessible(page);
  await page.getByRole('link', { name: 'Скопировать' }).click();
  await page.getByLabel('Название').fill('Помощник по учёту');
  const edits = page.getByRole('checkbox', { checked: true });
  await edits.first().uncheck();
  await accessible(page);
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Помощник по учёту' })).toBeVisible();
  await picture(page, 'access-role-desktop');

  await page.getByRole('navigation', { name: 'Управление организацией' }).getByRole('link', { name: 'Доступ' }).click();
  const people = page.getByRole('list', { name: 'Люди с доступом' });
  await expect(people.getByRole('listitem').first()).toBeVisible();
  await picture(page, 'access-people-desktop');
  await accessible(page);
  await page.getByLabel('Роль').selectOption({ label: 'Секретарь органа' });
  await expect(people.getByRole('listitem')).toHaveCount(1);
  await page.getByLabel('Роль').selectOption({ label: 'Любая роль' });
  await open(page);

  await page.getByRole('button', { name: 'Назначить роль' }).click();
  const dialog = page.getByRole('dialog', { name: /^Назначить роль/ });
  await dialog.getByRole('button', { name: 'Назначить' }).click();
  await expect(dialog.getByText('Выберите роль.')).toBeVisible();
  await dialog.getByLabel('Роль').selectOption({ label: 'Помощник по учёту' });
  await unit(page);
  await dialog.getByLabel('Действует по').fill('2030-12-31');
  await dialog.getByLabel('Основание').fill('Приказ № 7');
  await accessible(page);
  await dialog.getByRole('button', { name: 'Назначить' }).click();
  await expect(dialog).toBeHidden();
  const held = page.getByRole('region', { name: 'Роли' }).getByRole('listitem').filter({ hasText: 'Помощник по учёту' });
  await expect(held).toContainText('по 31 декабря 2030');
  await expect(held).toContainText('Приказ № 7');
  await picture(page, 'access-person-desktop');
  await accessible(page);

  await page.getByRole('navigation', { name: 'Управление организацией' }).getByRole('link', { name: 'Кто что может' }).click();
  await page.getByRole('combobox', { name: 'Право' }).fill('Видеть реестр');
  await page.getByRole('listbox').getByRole('option', { name: 'Видеть реестр' }).click();
  await unit(page);
  const able = page.getByRole('list', { name: 'Кто что может' }).getByRole('listitem');
  await expect(able.filter({ hasText: 'Помощник по учёту' })).toHaveCount(1);
  await picture(page, 'access-who-can-desktop');
  await accessible(page);

  await page.goBack();
  await held.getByRole('button', { name: /^Снять роль/ }).click();
  await page.getByRole('dialog').getByLabel('Основание').fill('Срок вышел');
  await page.getByRole('dialog').getByRole('button', { name: 'Снять' }).click();
  await expect(held).toBeHidden();

  await page.getByRole('button', { name: 'Приостановить доступ' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Приостановить' }).click();
  await expect(page.getByText(/^Приостановлен .*Тихонов/)).toBeVisible();
  await expect(page.getByText('Сейчас ничего.')).toBeVisible();
  await page.getByRole('button', { name: 'Вернуть доступ' }).click();
  await expect(page.getByText('Потому что:').first()).toBeVisible();
  await context.close();
});

test('a role is given only after a confirmation', async ({ browser }) => {
  const { context, page } = await person(browser);
  await signIn(page, 'admin', '/t/federation/admin/people');
  await open(page);
  // The answer of the server to a session whose confirmation is older than ten minutes; all else is its own.
  let refused = 0;
  await page.route('**/graphql', async (route) => {
    if (refused > 0 || !asksFor(route.request(), 'SuspendAccess')) return route.fallback();
    refused += 1;
    const error = { message: 'confirm', path: ['suspendAccess'], extensions: { code: 'FORBIDDEN', reason: 'confirm' } };
    await route.fulfill({ json: { data: null, errors: [error] } });
  });
  await page.getByRole('button', { name: 'Приостановить доступ' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Приостановить' }).click();
  const dialog = page.getByRole('dialog', { name: 'Подтвердите, что это вы' });
  await dialog.getByRole('textbox', { name: 'Пароль' }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Подтвердить' }).click();
  // What is shown follows from what was done after the confirmation.
  await expect(page.getByText(/^Приостановлен .*Тихонов/)).toBeVisible();
  await page.getByRole('button', { name: 'Вернуть доступ' }).click();
  await expect(page.getByRole('button', { name: 'Приостановить доступ' })).toBeVisible();
  await context.close();
});

test('access fits a phone, and who may not see it is not led there', async ({ browser }) => {
  const { context, page } = await person(browser, true);
  await signIn(page, 'admin', '/t/federation/admin/people');
  const people = page.getByRole('list', { name: 'Люди с доступом' });
  await expect(people.getByRole('listitem').first()).toBeVisible();
  await fits(page);
  await accessible(page);
  await picture(page, 'access-people-phone');
  await open(page);
  await fits(page);
  await page.getByRole('button', { name: 'Назначить роль' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await fits(page);
  await accessible(page);
  await picture(page, 'access-give-phone');
  await page.keyboard.press('Escape');
  for (const place of ['roles', 'roles/new', 'who-can']) {
    await page.goto(address(`/t/federation/admin/${place}`));
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await fits(page);
    await accessible(page);
  }
  await context.close();

  const member = await person(browser);
  await signIn(member.page, 'member1', '/t/federation/');
  await expect(member.page.getByRole('navigation', { name: 'Разделы' })).toBeVisible();
  await expect(member.page.getByRole('link', { name: 'Управление' })).toHaveCount(0);
  await member.page.goto(address('/t/federation/admin/people'));
  await expect(member.page.getByRole('heading', { name: 'Такой страницы нет' })).toBeVisible();
  await member.context.close();
});
