import { expect, test } from '@playwright/test';
import { address, ask, asksFor, fits, person, picture, signIn } from './app';
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

test('the deletion of an organization is set, told to its administrators and called off', async ({ browser }) => {
  const { context, page } = await person(browser);
  await signIn(page, 'admin', '/t/federation/admin/tenants');
  const tenants = page.getByRole('list', { name: 'Организации федерации' }).getByRole('listitem');
  const one = tenants.filter({ hasText: 'Пробный реестр' });
  await one.getByRole('button', { name: /^Удалить/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Удалить «Пробный реестр»?' });
  const submit = dialog.getByRole('button', { name: 'Назначить удаление' });
  await submit.click();
  await expect(dialog.getByText('Укажите основание.')).toBeVisible();
  await dialog.getByLabel('Основание').fill('Организация влилась в областную');
  await dialog.getByLabel('Имя организации в адресе').fill('registry');
  await submit.click();
  await expect(dialog.getByText('Наберите имя в адресе именно этой организации.')).toBeVisible();
  await accessible(page);
  await dialog.getByLabel('Имя организации в адресе').fill('register');
  await picture(page, 'tenant-delete-desktop');
  await submit.click();
  await expect(one).toContainText(/Будет удалена \d/);
  await expect(one).toContainText('Организация влилась в областную');

  // Its administrator is warned on every page, and led to the export.
  const theirs = await person(browser);
  await signIn(theirs.page, 'admin', '/t/register/');
  const notice = theirs.page.getByText(/Организация будет удалена \d/);
  await expect(notice).toBeVisible();
  await accessible(theirs.page);
  await theirs.page.getByRole('link', { name: 'Выгрузить данные' }).click();
  await expect(theirs.page.getByRole('button', { name: 'Заказать выгрузку' })).toBeVisible();
  await picture(theirs.page, 'deletion-notice-desktop');
  const told = async () => {
    const { developmentMailbox } = await ask<{ developmentMailbox: { nodes: { to: string; subject: string }[] } }>(
      page,
      'federation',
      '{ developmentMailbox(first: 50) { nodes { to subject } } }',
    );
    return developmentMailbox.nodes.filter((letter) => letter.subject.includes('будет удалена')).length;
  };
  await expect.poll(told).toBeGreaterThan(0);

  await one.getByRole('button', { name: /^Отменить удаление/ }).click();
  await expect(one.getByRole('button', { name: /^Удалить/ })).toBeVisible();
  await theirs.page.reload();
  await expect(theirs.page.getByRole('button', { name: 'Заказать выгрузку' })).toBeVisible();
  await expect(notice).toHaveCount(0);
  await theirs.context.close();
  await context.close();
});

test('what is left of deleted organizations is listed', async ({ browser }) => {
  const { context, page } = await person(browser);
  // As the server answers a month after a deletion was set; all else is its own.
  await page.route('**/graphql', async (route) => {
    if (!asksFor(route.request(), 'DeletedTenants')) return route.fallback();
    const deletion = {
      __typename: 'TenantDeletion',
      askedAt: '2026-09-21T09:00:00Z',
      askedBy: 'Тихонов Глеб Романович',
      reason: 'Организация влилась в областную',
    };
    const gone = {
      __typename: 'DeletedTenant',
      id: 'Tenant_00000000000070008000000000000000',
      slug: 'culture',
      name: 'Областная организация профсоюза работников культуры',
      shortName: 'Профсоюз культуры',
      createdAt: '2024-02-05T09:00:00Z',
      deletedAt: '2026-10-21T09:00:00Z',
      files: 318,
      bytes: 1_240_000_000,
      rowCount: 48_213,
      auditNumber: 9214,
      auditHead: '3f6c1d0be2a94e57b8d1906c55f2a3e17c8b4a90d2e6f1537a0c9b8e4d21f650',
      deletion,
    };
    await route.fulfill({ json: { data: { deletedTenants: [gone] } } });
  });
  await signIn(page, 'admin', '/t/federation/admin/tenants');
  const deleted = page.getByRole('list', { name: 'Удалённые' });
  await deleted.scrollIntoViewIfNeeded();
  await expect(deleted.getByRole('listitem')).toContainText('48 213 записей');
  await accessible(page);
  await picture(page, 'tenants-deleted-desktop');
  await page.setViewportSize({ width: 390, height: 844 });
  await fits(page);
  await context.close();
});
