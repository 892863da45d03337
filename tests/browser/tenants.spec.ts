import { expect, test } from '@playwright/test';
import { address, fits, person, picture, signIn } from './app';
import { accessible } from './axe';

test('the federation makes, limits, suspends and resumes an organization', async ({ browser }) => {
  const { context, page } = await person(browser);
  await signIn(page, 'admin', '/t/federation/admin/tenants');
  const tenants = page.getByRole('list', { name: 'Организации федерации' }).getByRole('listitem');
  await expect(tenants.first()).toContainText('Аппарат федерации');
  await page.getByRole('button', { name: 'Создать организацию' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Создать' }).click();
  await expect(page.getByRole('status').getByText(/Имя в адресе: латинские буквы|Заполните все поля/)).toBeVisible();
  await dialog.getByLabel('Полное название').fill('Областная организация горняков');
  await dialog.getByLabel('Краткое название').fill('Горняки');
  await dialog.getByLabel('Имя в адресе').fill('gornyaki');
  await dialog.getByLabel('Первый администратор').fill('Новикова Анна Сергеевна');
  await dialog.getByLabel('Его электронная почта').fill('novikova@example.org');
  await accessible(page);
  await dialog.getByRole('button', { name: 'Создать' }).click();
  const made = tenants.filter({ hasText: 'Областная организация горняков' });
  await expect(made).toContainText('0 учётных записей');
  await expect(made).toContainText('Первый администратор приглашён: Новикова Анна Сергеевна, novikova@example.org');
  await made.getByRole('button', { name: 'Пригласить администратора снова: Горняки' }).click();
  await expect(page.getByText('Следующее можно отправить через пять минут')).toBeVisible();

  await made.getByRole('button', { name: 'Ограничения' }).click();
  const limits = page.getByRole('dialog', { name: 'Ограничения: Горняки' });
  await limits.getByLabel('Файлы, ГБ').fill('нет');
  await expect(limits.getByText('Укажите число')).toBeVisible();
  await limits.getByLabel('Файлы, ГБ').fill('5');
  await limits.getByLabel('Писем рассылок в день').fill('1000');
  await accessible(page);
  await limits.getByRole('button', { name: 'Сохранить' }).click();
  await expect(made).toContainText('из 5 ГБ');

  await made.getByRole('button', { name: 'Приостановить' }).click();
  const question = page.getByRole('dialog', { name: 'Приостановить «Горняки»?' });
  await question.getByLabel('Основание').fill('Не оплачено');
  await question.getByRole('button', { name: 'Приостановить' }).click();
  await expect(made).toContainText('Не оплачено');
  await picture(page, 'tenants-desktop');
  await accessible(page);
  await made.getByRole('button', { name: 'Возобновить' }).click();
  await expect(made.getByRole('button', { name: 'Приостановить' })).toBeVisible();

  // The first administrator sets a password by the letter and administers the organization.
  const phone = await person(browser, true);
  const line = phone.page.getByRole('link', { name: /Приглашение: / }).filter({ hasText: 'novikova@example.org' });
  await expect(async () => {
    await phone.page.goto(address('/mailbox'));
    await expect(line).toHaveCount(1, { timeout: 3_000 });
  }).toPass();
  await line.click();
  const link = phone.page.frameLocator('iframe').getByRole('link', { name: 'Открыть приглашение' });
  await phone.page.goto((await link.getAttribute('href')) ?? '');
  await expect(phone.page.getByText('Администратор', { exact: true })).toBeVisible();
  await phone.page.getByRole('textbox', { name: 'Пароль' }).fill('четыре рыжих кота поют');
  await phone.page.getByRole('button', { name: 'Принять приглашение' }).click();
  await expect(phone.page).toHaveURL(/\/t\/gornyaki/);
  await expect(phone.page.getByRole('link', { name: 'Управление' })).toBeVisible();
  await phone.context.clearCookies();
  await page.reload();
  await expect(made).toContainText('1 учётная запись');
  await expect(made).not.toContainText('Первый администратор');
  await context.close();

  await signIn(phone.page, 'admin', '/t/federation/admin/tenants');
  await expect(phone.page.getByRole('list', { name: 'Организации федерации' }).getByRole('listitem').first()).toBeVisible();
  await fits(phone.page);
  await accessible(phone.page);
  await picture(phone.page, 'tenants-phone');
  await phone.context.close();
});
