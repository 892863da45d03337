import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Page, expect, test } from '@playwright/test';
import { address, ask, fits, person, picture, signIn } from './app';

const axe = readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'node_modules/axe-core/axe.min.js'), 'utf8');

type Violation = { id: string; nodes: { target: string[] }[] };

async function accessible(page: Page): Promise<void> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const run = (window as unknown as { axe: { run: (o: object) => Promise<{ violations: Violation[] }> } }).axe.run;
    return (await run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })).violations;
  });
  expect(found.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
}

async function openCouncil(page: Page): Promise<void> {
  await page.goto(address('/t/federation/chat'));
  await page.getByRole('list', { name: 'Чаты' }).getByRole('link', { name: /Совет Федерации/ }).click();
  await expect(page.getByRole('log')).toContainText('Коллеги, добрый день!');
}

async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Сообщение' }).fill(text);
  await page.getByRole('textbox', { name: 'Сообщение' }).press('Enter');
}

/** The texts in the page that begin with a word, in their order. */
function texts(page: Page, word: string): Promise<string[]> {
  return page.locator('.chat-message:not([data-pending]) .chat-text').evaluateAll(
    (all, begin) => all.map((one) => one.textContent ?? '').filter((text) => text.startsWith(begin)),
    word,
  );
}

test('two people talk, one is cut off, and both hold the same', async ({ browser }) => {
  const chair = await person(browser);
  const secretary = await person(browser);
  await signIn(chair.page, 'chair');
  await expect(chair.page.getByRole('navigation').getByText(/чат.* с новыми сообщениями/)).toBeAttached();
  await signIn(secretary.page, 'secretary');
  await openCouncil(chair.page);
  await openCouncil(secretary.page);
  await picture(secretary.page, 'chat-desktop');
  await accessible(secretary.page);

  await write(chair.page, 'проверка 1');
  await expect(secretary.page.getByText('проверка 1', { exact: true })).toBeVisible();
  await write(secretary.page, 'проверка 2');
  await expect(chair.page.getByText('проверка 2', { exact: true })).toBeVisible();

  // A reaction and an edit arrive too.
  const row = secretary.page.locator('.chat-message', { hasText: 'проверка 1' });
  await row.hover();
  await row.getByRole('button', { name: 'Добавить реакцию' }).click();
  await row.getByRole('button', { name: '🎉' }).click();
  await expect(
    chair.page.locator('.chat-message', { hasText: 'проверка 1' }).getByRole('button', { name: /🎉: Климова/ }),
  ).toBeVisible();
  await secretary.page.getByRole('textbox', { name: 'Сообщение' }).press('ArrowUp');
  await write(secretary.page, 'проверка 2, исправлено');
  await expect(chair.page.getByRole('log').getByText('проверка 2, исправлено').first()).toBeVisible();

  // Cut off: what is written waits, what others say comes afterwards, and the order is one.
  await secretary.context.setOffline(true);
  await write(secretary.page, 'проверка из тоннеля');
  await expect(secretary.page.getByText('Нет связи. Отправим, когда она появится.')).toBeVisible();
  await expect(secretary.page.getByText('Нет связи, подключаемся…').first()).toBeVisible();
  for (let number = 3; number <= 32; number += 1) await write(chair.page, `проверка ${number}`);
  await expect(chair.page.getByText('проверка 32', { exact: true })).toBeVisible();
  expect(await texts(secretary.page, 'проверка 32')).toEqual([]);
  await secretary.context.setOffline(false);
  await expect(secretary.page.getByText('проверка 32', { exact: true })).toBeAttached();
  await expect(chair.page.getByText('проверка из тоннеля', { exact: true })).toBeAttached();
  await expect(secretary.page.locator('[data-pending]')).toHaveCount(0);
  const [one, other] = [await texts(chair.page, 'проверка'), await texts(secretary.page, 'проверка')];
  expect(one).toEqual(other);
  expect(one.filter((text) => /^проверка \d+$/.test(text)).length).toBe(31);
  await chair.context.close();
  await secretary.context.close();
});

test('what is written goes out one after another, also when pushes outrun answers', async ({ browser }) => {
  const { context, page } = await person(browser);
  await signIn(page, 'chair');
  await openCouncil(page);
  const arrived = (text: string) => page.locator('.chat-message:not([data-pending])', { hasText: text });
  await page.route('**/graphql', async (route) => {
    const answer = await route.fetch();
    // The page learns of the first message by its push before it gets the answer.
    if (route.request().postData()?.includes('очередь 1')) await arrived('очередь 1').waitFor();
    await route.fulfill({ response: answer });
  });
  for (const number of [1, 2, 3]) await write(page, `очередь ${number}`);
  await expect(arrived('очередь 3')).toBeVisible();
  await expect(page.locator('[data-pending]')).toHaveCount(0);
  await page.unrouteAll({ behavior: 'wait' });
  await context.close();
});

test('a message finds its person, a search finds the message', async ({ browser }) => {
  const chair = await person(browser);
  const member = await person(browser);
  await signIn(chair.page, 'chair');
  await openCouncil(chair.page);
  const box = chair.page.getByRole('textbox', { name: 'Сообщение' });
  await box.pressSequentially('@Агаф');
  await chair.page.getByRole('option', { name: /Агафонов/ }).click();
  await box.pressSequentially('нужен ваш отчёт о ревизии');
  await box.press('Enter');
  await expect(chair.page.getByRole('log').getByText('нужен ваш отчёт о ревизии').first()).toBeVisible();

  await signIn(member.page, 'member1');
  await member.page.goto(address('/t/federation/chat'));
  const council = member.page.getByRole('list', { name: 'Чаты' }).getByRole('link', { name: /Совет Федерации/ });
  await expect(council.getByLabel('вас упомянули')).toBeVisible();
  await council.click();
  await expect(member.page.locator('.chat-mention', { hasText: 'Агафонов' })).toBeVisible();
  await member.page.getByRole('button', { name: 'Поиск по сообщениям' }).first().click();
  await member.page.getByRole('searchbox', { name: 'Поиск по сообщениям' }).fill('отчет ревизией');
  await member.page.getByRole('region', { name: 'Поиск по сообщениям' }).getByRole('link').first().click();
  await expect(member.page.locator('[data-found="true"]')).toContainText('нужен ваш отчёт');
  await accessible(member.page);
  await chair.context.close();
  await member.context.close();
});

test('a file is sent with its picture, and colleagues open a talk of two', async ({ browser }) => {
  const { context, page } = await person(browser);
  await signIn(page, 'chair', '/t/federation/chat');
  await page.getByRole('button', { name: 'Новый чат' }).click();
  const dialog = page.getByRole('dialog', { name: 'Новый чат' });
  await dialog.getByRole('textbox', { name: 'Имя коллеги' }).fill('Седов');
  await dialog.getByRole('button', { name: /Седов/ }).click();
  await dialog.getByRole('button', { name: 'Написать' }).click();
  await expect(page.getByRole('heading', { name: /Седов/ })).toBeVisible();
  const png = await page.screenshot({ clip: { x: 0, y: 0, width: 64, height: 48 } });
  await page.locator('input[type=file]').setInputFiles({ name: 'схема.png', mimeType: 'image/png', buffer: png });
  await expect(page.getByRole('button', { name: 'Убрать файл «схема.png»' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Отправить' })).toBeEnabled();
  await page.getByRole('button', { name: 'Отправить' }).click();
  await expect(page.getByRole('img', { name: 'схема.png' })).toBeVisible();
  const channels = await ask<{ channels: { nodes: { name: string }[] } }>(
    page,
    'federation',
    '{ channels { nodes { name } } }',
  );
  expect(channels.channels.nodes.map((node) => node.name)).toContain('Седов Павел Андреевич');
  await context.close();
});

test('a group takes more people in, and tells those who are there already', async ({ browser }) => {
  const { context, page } = await person(browser);
  await signIn(page, 'chair', '/t/federation/chat');
  await page.getByRole('button', { name: 'Новый чат' }).click();
  const dialog = page.getByRole('dialog', { name: 'Новый чат' });
  // Who opens no channels of units is not offered them.
  await expect(dialog.getByRole('button', { name: 'Подразделения' })).toHaveCount(0);
  for (const name of ['Климова', 'Агафонов']) {
    await dialog.getByRole('textbox', { name: 'Имя коллеги' }).fill(name);
    await dialog.getByRole('button', { name: new RegExp(`^.*${name}`) }).click();
  }
  await dialog.getByRole('textbox', { name: 'Название группы' }).fill('Подготовка пленума');
  await dialog.getByRole('button', { name: 'Создать группу' }).click();
  await expect(page.getByRole('heading', { name: 'Подготовка пленума' })).toBeVisible();
  await expect(page.getByText('3 участника · Группа')).toBeVisible();
  await page.getByRole('button', { name: 'Действия с чатом' }).click();
  await page.getByText('Пригласить в группу').click();
  const inviting = page.getByRole('dialog', { name: 'Пригласить в группу' });
  await inviting.getByRole('button', { name: 'Пригласить' }).click();
  await expect(inviting.getByText('Выберите хотя бы одного коллегу.')).toBeVisible();
  await inviting.getByRole('textbox', { name: 'Имя коллеги' }).fill('Климова');
  await expect(inviting.getByText('уже в группе').first()).toBeVisible();
  await inviting.getByRole('textbox', { name: 'Имя коллеги' }).fill('нет такого');
  await expect(inviting.getByText('Никого не нашли.')).toBeVisible();
  await inviting.getByRole('textbox', { name: 'Имя коллеги' }).fill('Белова');
  await inviting.getByRole('button', { name: /Белова/ }).click();
  await accessible(page);
  await inviting.getByRole('button', { name: 'Пригласить' }).click();
  await expect(inviting).toBeHidden();
  await expect(page.getByText('4 участника · Группа')).toBeVisible();
  await context.close();
});

test('the channel of a unit is opened once', async ({ browser }) => {
  const { context, page } = await person(browser, true);
  await signIn(page, 'keeper', '/t/register/chat');
  const open = async () => {
    await page.getByRole('button', { name: 'Новый чат' }).click();
    const dialog = page.getByRole('dialog', { name: 'Новый чат' });
    await dialog.getByRole('button', { name: 'Подразделения' }).click();
    await dialog.getByRole('textbox', { name: 'Название подразделения' }).fill('ппо № 17');
    await dialog.getByRole('button', { name: 'ППО № 17', exact: true }).click();
    await fits(page);
    await accessible(page);
    await dialog.getByRole('button', { name: 'Открыть чат' }).click();
    await expect(page.getByRole('heading', { name: 'ППО № 17' })).toBeVisible();
    return page.url();
  };
  const first = await open();
  await page.getByRole('link', { name: 'К списку чатов' }).click();
  expect(await open()).toBe(first);
  await context.close();
});

test('on a phone the list and the conversation are two screens', async ({ browser }) => {
  const { context, page } = await person(browser, true);
  await signIn(page, 'deputy', '/t/federation/chat');
  await expect(page.getByRole('link', { name: /Совет Федерации/ })).toBeVisible();
  await fits(page);
  await picture(page, 'chats-phone');
  await accessible(page);
  await openCouncil(page);
  await expect(page.getByRole('link', { name: /Совет Федерации/ })).toBeHidden();
  await fits(page);
  await picture(page, 'chat-phone');
  await accessible(page);
  await page.getByRole('link', { name: 'К списку чатов' }).click();
  await expect(page.getByRole('link', { name: /Совет Федерации/ })).toBeVisible();
  await context.close();
});
