import { expect, test } from '@playwright/test';
import { fits, person, picture, signIn } from './app';
import { accessible } from './axe';

test('an administrator orders an export of everything, watches it and fetches it', async ({ browser }) => {
  const { context, page } = await person(browser);
  await signIn(page, 'admin', '/t/federation/admin/export');
  await expect(page.getByRole('heading', { name: 'Выгрузка', level: 1 })).toBeVisible();
  await expect(page.getByText('Выгрузок ещё не было')).toBeVisible();
  await accessible(page);
  await page.getByRole('button', { name: 'Заказать выгрузку' }).click();
  const rows = page.getByRole('list', { name: 'Выгрузки' }).getByRole('listitem');
  await expect(rows.first()).toContainText('Готова', { timeout: 60_000 });
  await expect(rows.first()).toContainText('Доступна до');
  const fetched = page.waitForEvent('download');
  await rows.first().getByRole('button', { name: /Скачать/ }).click();
  const file = await fetched;
  expect(file.suggestedFilename()).toMatch(/^federation-\d{4}-\d\d-\d\d\.zip$/);
  await picture(page, 'export-desktop');
  await accessible(page);
  await context.close();

  const phone = await person(browser, true);
  await signIn(phone.page, 'admin', '/t/federation/admin/export');
  await expect(phone.page.getByRole('list', { name: 'Выгрузки' }).getByRole('listitem').first()).toBeVisible();
  await fits(phone.page);
  await accessible(phone.page);
  await picture(phone.page, 'export-phone');
  await phone.context.close();
});
