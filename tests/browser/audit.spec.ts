import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { address, fits, person, picture, signIn } from './app';
import { accessible } from './axe';

test('who looked at a record is found in the audit, which is checked and exported', async ({ browser }) => {
  const { context, page } = await person(browser);
  await signIn(page, 'admin', '/t/federation/members');
  await page.getByRole('table').getByRole('link').first().click();
  await expect(page).toHaveURL(/\/members\/Member_/);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const member = page.url().split('/').at(-1) ?? '';

  await page.goto(address('/t/federation/admin/audit'));
  const entries = page.getByRole('list', { name: 'Журнал действий' }).getByRole('listitem');
  await page.getByLabel('Что показать').selectOption({ label: 'Просмотры личных данных' });
  await page.getByLabel('Над чем').fill(member);
  await expect(entries).toHaveCount(1);
  await expect(entries).toContainText('Просмотрена карточка члена');
  await expect(entries).toContainText('Тихонов Алексей Борисович');
  await entries.getByText('Подробности').click();
  await expect(entries.getByText('members.read_record')).toBeVisible();
  await accessible(page);

  await page.getByLabel('Над чем').fill('');
  await page.getByLabel('Что показать').selectOption({ label: 'Всё' });
  await page.getByRole('combobox', { name: 'Действие' }).fill('заседание');
  await page.getByRole('listbox').getByRole('option', { name: 'Назначено заседание' }).click();
  await expect(entries.first()).toContainText('Назначено заседание');
  await page.getByLabel('С', { exact: true }).fill('2030-01-01');
  await expect(page.getByText('Записей нет')).toBeVisible();
  await page.getByLabel('С', { exact: true }).fill('');
  await expect(entries.first()).toBeVisible();
  await page.getByRole('button', { name: 'Проверить целостность' }).click();
  await expect(page.getByText(/^Цепочка цела/)).toBeVisible();
  await picture(page, 'audit-desktop');
  await accessible(page);

  await page.getByRole('button', { name: 'Выгрузить CSV' }).click();
  const dialog = page.getByRole('dialog', { name: 'Выгрузить журнал' });
  await dialog.getByLabel('Зачем').fill('Проверка ревизионной комиссии');
  await accessible(page);
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Выгрузить CSV' }).click();
  const file = readFileSync(await (await download).path(), 'utf8');
  expect(file).toContain('"Назначено заседание";"bodies.schedule_session"');
  await expect(dialog.getByText('Файл готов.')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(entries.filter({ hasText: 'Выгружен журнал действий' }).first()).toBeVisible();
  await context.close();

  const phone = await person(browser, true);
  await signIn(phone.page, 'admin', '/t/federation/admin/audit');
  await expect(phone.page.getByRole('list', { name: 'Журнал действий' }).getByRole('listitem').first()).toBeVisible();
  await phone.page.getByText('Подробности').first().click();
  await fits(phone.page);
  await accessible(phone.page);
  await picture(phone.page, 'audit-phone');
  await phone.context.close();
});
