import { type Page, expect, test } from '@playwright/test';
import { address, ask, fits, person, picture, signIn } from './app';
import { accessible } from './axe';

const mailings = '/t/education/mailings';

type Line = { id: string; to: string; subject: string };

/** The letters of a subject that have left, the test letter among them. */
async function letters(page: Page, subject: string): Promise<Line[]> {
  const { developmentMailbox } = await ask<{ developmentMailbox: { nodes: Line[] } }>(
    page,
    'education',
    '{ developmentMailbox(first: 200) { nodes { id to subject } } }',
  );
  return developmentMailbox.nodes.filter((one) => one.subject.includes(subject));
}

/** A list made by its form. */
async function makeList(page: Page, name: string): Promise<void> {
  await page.goto(address(`${mailings}/lists`));
  await page.getByLabel('Название списка').fill(name);
  await page.getByLabel(/О чём он/).fill('Важное о работе профсоюза, не чаще раза в месяц');
  await page.getByRole('button', { name: 'Создать', exact: true }).click();
  await expect(page.getByText(name, { exact: true })).toBeVisible();
}

/** A draft on that list, its editor open. */
async function draft(page: Page, list: string, subject: string): Promise<void> {
  await page.goto(address(mailings));
  await page.getByRole('button', { name: 'Новая рассылка' }).click();
  await page.getByLabel('Список', { exact: true }).selectOption({ label: list });
  await page.getByLabel('Тема письма').fill(subject);
}

/** How many recipients the editor counts, once it has counted. */
async function count(page: Page): Promise<number> {
  const line = page.getByText(/^\d+ получател/);
  await expect(line).toBeVisible();
  return Number.parseInt((await line.textContent()) ?? '', 10);
}

test('a letter is written, tried, sent, and its list left by one press', async ({ browser }) => {
  const list = 'Новости профсоюза';
  const subject = 'Отчётно-выборная конференция';
  const { context, page } = await person(browser);
  await signIn(page, 'admin');
  await makeList(page, list);
  await accessible(page);

  // Nothing to send yet: the reason is said in words.
  await draft(page, list, '');
  await expect(page.getByText(/^\d+ получател/)).toBeVisible();
  await page.getByRole('button', { name: 'Отправить', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Отправить' }).click();
  const refusal = page.getByText(/Заполните тему и письмо/);
  await expect(refusal).toBeVisible();
  await page.locator('.toast').getByRole('button').click();
  await expect(refusal).toBeHidden();

  // A field that does not exist is named; one from the menu is filled in.
  await page.getByLabel('Тема письма').fill(subject);
  const text = page.getByRole('textbox', { name: 'Абзац 1' });
  await text.fill('Здравствуйте, {{стаж}}!');
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText('Неизвестное личное поле {{стаж}} (№ 1)')).toBeVisible();
  await text.fill('Здравствуйте, ');
  await page.getByLabel('Вставить поле: Абзац 1').selectOption('имя_отчество');
  await expect(text).toHaveValue('Здравствуйте, {{имя_отчество}}');
  await page.getByLabel('Добавить', { exact: true }).selectOption({ label: 'Список' });
  await page.getByRole('button', { name: 'Добавить', exact: true }).click();
  await page.getByRole('textbox', { name: 'Список 2' }).fill('Отчёт совета\nВыборы председателя');

  // The count follows the criteria.
  const all = await count(page);
  await page.getByLabel('Возраст от').fill('60');
  await expect(async () => expect(await count(page)).toBeLessThan(all)).toPass();
  const chosen = await count(page);
  expect(chosen).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText('Сохранено.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: subject })).toBeVisible();
  await page.locator('.toast').getByRole('button').click();
  await page.evaluate(() => window.scrollTo(0, 0));
  await picture(page, 'mailing-desktop');
  await accessible(page);

  await page.getByRole('button', { name: 'Просмотр' }).click();
  const preview = page.getByRole('dialog', { name: 'Просмотр' });
  const frame = preview.frameLocator('iframe');
  await expect(frame.getByText('Отчёт совета')).toBeVisible();
  await preview.getByLabel('Глазами получателя').selectOption({ index: 1 });
  const reader = await preview.getByLabel('Глазами получателя').locator('option').nth(1).textContent();
  const names = (reader ?? '').split(' ').slice(1).join(' ');
  await expect(frame.getByText(`Здравствуйте, ${names}`)).toBeVisible();
  await picture(page, 'mailing-preview-desktop');
  await preview.getByText('Телефон').click();
  await expect.poll(async () => (await preview.locator('iframe').boundingBox())?.width).toBeLessThan(400);
  await page.keyboard.press('Escape');
  await expect(preview).toBeHidden();

  await page.getByRole('button', { name: 'Отправить себе' }).click();
  await expect(page.getByText('Пробное письмо отправлено на admin@plenum.example.')).toBeVisible();
  await expect
    .poll(async () => (await letters(page, subject)).map((one) => one.to).join())
    .toContain('admin@plenum.example');

  await page.getByRole('button', { name: 'Отправить', exact: true }).click();
  const asking = page.getByRole('dialog', { name: 'Отправить рассылку?' });
  await expect(asking).toContainText(`Письмо получат: ${chosen} `);
  await asking.getByRole('button', { name: 'Отправить' }).click();
  await expect(page.getByText('Отправлена', { exact: true })).toBeVisible();
  await expect(page.getByText(`Обработано ${chosen} из ${chosen}`)).toBeVisible();
  await expect(page.getByText(/Все письма, которые уже отправлены/)).toBeVisible();
  await expect(page.locator('.toast')).toHaveCount(0);
  await picture(page, 'mailing-results-desktop');
  await accessible(page);
  const sent = (await letters(page, subject)).filter((one) => !one.to.includes('admin@plenum.example'));
  expect(new Set(sent.map((one) => one.to)).size).toBe(chosen);
  expect(sent.length).toBe(chosen);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Скачать журнал (CSV)' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);

  // A reader without an account leaves the list. Opening the link does not.
  const { developmentLetter } = await ask<{ developmentLetter: { html: string } }>(
    page,
    'education',
    'query ($id: ID!) { developmentLetter(id: $id) { html } }',
    { id: sent[0]?.id },
  );
  const link = /href="([^"]+)"[^>]*>Отписаться</.exec(developmentLetter.html)?.[1] ?? '';
  const reading = await person(browser, true);
  await reading.page.goto(address(new URL(link).pathname));
  await expect(reading.page.getByRole('button', { name: 'Отписаться' })).toBeVisible();
  await fits(reading.page);
  await accessible(reading.page);
  await picture(reading.page, 'unsubscribe-phone');
  await page.goto(address(`${mailings}/lists`));
  await expect(page.getByText('0 отписались').first()).toBeVisible();
  await expect(page.getByText('1 отписался')).toHaveCount(0);
  await reading.page.getByRole('button', { name: 'Отписаться' }).click();
  await expect(reading.page.getByText(/Вы отписались/)).toBeVisible();
  await accessible(reading.page);
  await page.reload();
  await expect(page.getByText('1 отписался')).toBeVisible();
  await reading.page.getByRole('button', { name: 'Подписаться снова' }).click();
  await expect(reading.page.getByRole('button', { name: 'Отписаться' })).toBeVisible();
  await reading.page.goto(address('/unsubscribe/nonsense'));
  await expect(reading.page.getByText(/Ссылка недействительна/)).toBeVisible();
  await reading.context.close();
  await context.close();
});

test('mailings fit a phone', async ({ browser }) => {
  const list = 'Охрана труда';
  const { context, page } = await person(browser, true);
  await signIn(page, 'admin');
  await makeList(page, list);
  await fits(page);
  await accessible(page);
  await draft(page, list, 'День охраны труда');
  await count(page);
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'День охраны труда' })).toBeVisible();
  await fits(page);
  await accessible(page);
  await page.getByText('Возраст от').scrollIntoViewIfNeeded();
  await picture(page, 'mailing-phone');
  await page.goto(address(mailings));
  await expect(page.getByRole('link', { name: /День охраны труда/ })).toContainText('Черновик');
  await fits(page);
  await accessible(page);
  await context.close();
});
