import { type Browser, type Locator, type Page, expect, test } from '@playwright/test';
import { PASSWORD, address, ask, fits, person, picture, signIn } from './app';
import { accessible } from './axe';

const documents = '/t/federation/documents';

/** A letter as a PDF, printed by the browser itself. */
async function letter(browser: Browser, words: string): Promise<Buffer> {
  const page = await browser.newPage();
  await page.setContent(`<h1>${words}</h1><p>Текст письма составлен для проверки.</p>`);
  const bytes = await page.pdf({ format: 'A4' });
  await page.close();
  return bytes;
}

const pdf = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/pdf', buffer });

async function choose(dialog: Locator, label: string, name: string): Promise<void> {
  await dialog.getByRole('textbox', { name: label }).last().fill(name);
  await dialog.page().getByRole('option', { name }).click();
}

/** The document made in the dialog, registered or not, with the page of it open. */
async function create(
  page: Page,
  input: { kind: string; title: string; file: ReturnType<typeof pdf>; journal?: string },
): Promise<void> {
  await page.goto(address(documents));
  await page.getByRole('button', { name: 'Создать документ' }).click();
  const dialog = page.getByRole('dialog', { name: 'Новый документ' });
  await dialog.getByLabel('Вид документа').selectOption(input.kind);
  await dialog.getByLabel('Заголовок').fill(input.title);
  await dialog.locator('input[type=file]').setInputFiles(input.file);
  await expect(dialog.getByText(`${input.file.name}, `)).toBeVisible();
  if (input.journal) await dialog.getByLabel(/зарегистрировать/).selectOption({ label: input.journal });
  await dialog.getByRole('button', { name: 'Создать', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: input.title })).toBeVisible();
}

/** Sends the open document to those who act on it, one after another. */
async function route(page: Page, steps: [name: string, act: string][]): Promise<void> {
  await page.getByRole('button', { name: 'Отправить по маршруту' }).click();
  const dialog = page.getByRole('dialog', { name: 'Маршрут документа' });
  for (const [index, [name, act]] of steps.entries()) {
    if (index > 0) await dialog.getByRole('button', { name: 'Добавить участника' }).click();
    await choose(dialog, 'Участник', name);
    await dialog.getByLabel('Что сделать').last().selectOption({ label: act });
  }
  await dialog.getByRole('button', { name: 'Отправить', exact: true }).click();
  await expect(page.getByText('Документ отправлен по маршруту.')).toBeVisible();
}

/** Opens a document from the list, as people do. */
async function open(page: Page, title: string): Promise<void> {
  await page.goto(address(documents));
  await page.getByRole('searchbox', { name: 'Поиск' }).fill(title);
  await page.getByRole('link', { name: title }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
}

/** The browser's viewer has drawn the pages: an empty one is a single colour and compresses to nearly nothing. */
async function drawn(page: Page): Promise<void> {
  const frame = page.getByTitle('Просмотр', { exact: true });
  await expect.poll(async () => (await frame.screenshot()).length).toBeGreaterThan(8_000);
}

test('an incoming letter is registered, and only once', async ({ browser }) => {
  const title = 'О проведении ярмарки вакансий';
  const { context, page } = await person(browser);
  await signIn(page, 'admin');
  const file = pdf('письмо.pdf', await letter(browser, title));
  await create(page, { kind: 'INCOMING', title, file, journal: 'Входящие документы' });
  await expect(page.getByText(/№ \d+-вх\/\d\d от /)).toBeVisible();
  await drawn(page);
  const number = (await page.getByText(/№ \d+-вх\/\d\d от /).textContent())?.match(/\d+-вх\/\d\d/)?.[0] ?? '';

  await expect(page.getByRole('button', { name: 'Зарегистрировать' })).toHaveCount(0);

  await page.goto(address('/t/federation/journals'));
  await expect(page.getByRole('link', { name: `№ ${number}` })).toContainText(title);
  await accessible(page);
  await fits(page);
  await picture(page, 'journals-desktop');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Таблица (CSV)' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
  await context.close();
});

test('a paper is sent back, reworked, approved, signed, obeyed and sent to another organization', async ({ browser }) => {
  test.setTimeout(90_000);
  const title = 'О порядке уплаты взносов в новом году';
  const clerk = await person(browser);
  const secretary = await person(browser);
  const chair = await person(browser);
  await Promise.all([
    signIn(clerk.page, 'admin'),
    signIn(secretary.page, 'secretary'),
    signIn(chair.page, 'chair'),
  ]);
  const first = pdf('порядок.pdf', await letter(browser, title));
  await create(clerk.page, { kind: 'OUTGOING', title, file: first });
  await route(clerk.page, [
    ['Климова Елена Сергеевна', 'Согласовать'],
    ['Орлова Марина Викторовна', 'Подписать'],
  ]);

  // Sent back with a remark; the page of the clerk follows by itself.
  await open(secretary.page, title);
  await secretary.page.getByRole('button', { name: 'Вернуть на доработку' }).click();
  const remark = secretary.page.getByRole('dialog', { name: 'Возврат на доработку' });
  await remark.getByRole('button', { name: 'Вернуть на доработку' }).click();
  await expect(remark.getByText('Заполните это поле.')).toBeVisible();
  await remark.getByLabel('Что исправить').fill('Укажите срок перечисления');
  await remark.getByRole('button', { name: 'Вернуть на доработку' }).click();
  await expect(clerk.page.getByText('«Укажите срок перечисления»').first()).toBeVisible();
  await clerk.page.getByRole('button', { name: 'Добавить версию' }).click();
  const version = clerk.page.getByRole('dialog', { name: 'Новая версия файла' });
  await version.locator('input[type=file]').setInputFiles(pdf('порядок-2.pdf', await letter(browser, `${title}, до 10 числа`)));
  await expect(version.getByText(/порядок-2\.pdf, /)).toBeVisible();
  await version.getByRole('button', { name: 'Добавить', exact: true }).click();
  await expect(clerk.page.getByText('порядок-2.pdf').first()).toBeVisible();
  await secretary.page.getByRole('button', { name: 'Согласовать' }).click();
  await expect(secretary.page.getByText('Решение сохранено.')).toBeVisible();

  // Signed with a proof of the person, here the password entered again.
  await open(chair.page, title);
  await accessible(chair.page);
  await chair.page.getByRole('button', { name: 'Подписать' }).click();
  const signing = chair.page.getByRole('dialog', { name: 'Подписание документа' });
  await signing.getByRole('textbox', { name: 'Пароль' }).fill('не тот пароль');
  await signing.getByRole('button', { name: 'Подписать' }).click();
  await expect(signing.getByText('Неверный пароль.')).toBeVisible();
  await signing.getByRole('textbox', { name: 'Пароль' }).fill(PASSWORD);
  await accessible(chair.page);
  await picture(chair.page, 'document-sign-desktop');
  await signing.getByRole('button', { name: 'Подписать' }).click();
  await expect(signing).toBeHidden();
  await expect(chair.page.getByText('Действительна', { exact: true })).toBeVisible();
  await expect(chair.page.getByText('Файл не изменён с момента подписания.')).toBeVisible();

  // Who signed may give an order; it becomes a task that is done and accepted.
  await chair.page.getByRole('button', { name: 'Дать поручение' }).click();
  const order = chair.page.getByRole('dialog', { name: 'Резолюция' });
  await order.getByLabel('Текст резолюции').fill('К исполнению');
  await order.getByLabel('Что сделать').fill('Разослать порядок казначеям');
  await choose(order, 'Исполнитель', 'Климова Елена Сергеевна');
  await choose(order, 'Контролёр', 'Орлова Марина Викторовна');
  await order.getByRole('button', { name: 'Поручить' }).click();
  await expect(chair.page.getByText('Разослать порядок казначеям').first()).toBeVisible();
  await secretary.page.goto(address('/t/federation/tasks'));
  const task = secretary.page.getByRole('article', { name: 'Разослать порядок казначеям' }).first();
  await task.getByRole('button', { name: 'Взять в работу' }).click();
  await expect(task.getByText('В работе')).toBeVisible();
  await task.getByRole('button', { name: 'Отчитаться' }).click();
  const report = secretary.page.getByRole('dialog', { name: 'Отчёт об исполнении' });
  await report.getByLabel('Что сделано').fill('Разослан всем казначеям');
  await report.getByRole('button', { name: 'Отчитаться' }).click();
  await expect(secretary.page.getByText('Отчёт отправлен на контроль.')).toBeVisible();
  await chair.page.goto(address('/t/federation/tasks'));
  await chair.page.getByLabel('Папка').selectOption({ label: 'На моём контроле' });
  const controlled = chair.page.getByRole('article', { name: 'Разослать порядок казначеям' }).first();
  await expect(controlled).toContainText('Разослан всем казначеям');
  await controlled.getByRole('button', { name: 'Принять' }).click();
  await expect(chair.page.getByText('Поручение снято с контроля.')).toBeVisible();

  // Registered and sent: it arrives once, and the receipt comes back.
  await clerk.page.getByRole('button', { name: 'Зарегистрировать' }).click();
  await clerk.page.getByRole('dialog').getByRole('button', { name: 'Зарегистрировать' }).click();
  await expect(clerk.page.getByText(/№ 01-14\/\d+-\d\d от /)).toBeVisible();
  await clerk.page.getByRole('button', { name: 'Отправить в организации' }).click();
  const sending = clerk.page.getByRole('dialog', { name: 'Отправка в организации' });
  await sending.getByLabel(/работников образования/).check();
  await sending.getByRole('button', { name: 'Отправить', exact: true }).click();
  await expect(clerk.page.getByText(/зарегистрирован: № \d/)).toBeVisible();
  await clerk.page.reload();
  await drawn(clerk.page);
  await clerk.page.evaluate(() => window.scrollTo(0, 0));
  await picture(clerk.page, 'document-desktop');
  await accessible(clerk.page);
  await clerk.page.goto(address('/t/education/documents'));
  await clerk.page.getByRole('searchbox', { name: 'Поиск' }).fill(title);
  await clerk.page.getByRole('link', { name: title }).first().click();
  await expect(clerk.page.getByText('Хеш совпадает с полученным файлом')).toBeVisible();
  await expect(clerk.page.getByText('Областная федерация профсоюзов').first()).toBeVisible();
  for (const one of [clerk, secretary, chair]) await one.context.close();
});

test('a card is edited, also when somebody else does so meanwhile, and rests on the route', async ({ browser }) => {
  const title = 'О проверке готовности к отопительному сезону';
  const { context, page } = await person(browser, true);
  await signIn(page, 'admin');
  await create(page, { kind: 'INCOMING', title, file: pdf('проверка.pdf', await letter(browser, title)) });
  await page.getByRole('button', { name: 'Изменить' }).click();
  const dialog = page.getByRole('dialog', { name: 'Карточка документа' });
  await dialog.getByLabel('Заголовок').fill('');
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(dialog.getByText('Заполните это поле.')).toBeVisible();
  await dialog.getByLabel('Заголовок').fill(`${title}, уточнено`);
  await dialog.getByLabel('Метки').fill('отопление, проверка');
  await fits(page);
  await accessible(page);

  // Meanwhile somebody else names the correspondent: it is shown at once, and nothing of either is lost.
  const id = page.url().split('/').pop();
  const edit = `mutation ($id: ID!, $input: DocumentCardInput!) { editDocument(document: $id, input: $input) { id } }`;
  await ask(page, 'federation', edit, { id, input: { title, correspondent: 'Жилищная инспекция' } });
  await expect(dialog.getByText(/её изменил кто-то другой/)).toBeVisible();
  await expect(dialog.getByText('Корреспондент: Жилищная инспекция')).toBeVisible();
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText(/Карточку уже изменил кто-то другой/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Оставить мои правки' }).click();
  await expect(dialog.getByLabel('Корреспондент', { exact: true })).toHaveValue('Жилищная инспекция');
  await expect(dialog.getByLabel('Заголовок')).toHaveValue(`${title}, уточнено`);
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { level: 1, name: `${title}, уточнено` })).toBeVisible();
  await expect(page.getByText('отопление, проверка')).toBeVisible();
  await expect(page.getByText('Карточка изменена: заголовок, метки')).toBeVisible();

  await route(page, [['Климова Елена Сергеевна', 'Согласовать']]);
  await expect(page.getByText(/Карточку нельзя изменить, пока документ на маршруте/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Изменить' })).toHaveCount(0);
  await context.close();
});

test('what must not be is refused in words', async ({ browser }) => {
  const title = 'Договор от неизвестного отправителя';
  const { context, page } = await person(browser);
  await signIn(page, 'admin');
  const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]);
  await create(page, { kind: 'INCOMING', title, file: pdf('договор.pdf', program) });
  await expect(page.getByRole('alert').filter({ hasText: 'Файл отмечен как небезопасный' })).toBeVisible();
  await expect(page.locator('iframe')).toHaveCount(0);

  const plain = await letter(browser, title);
  const at = plain.lastIndexOf('/Root');
  const locked = Buffer.concat([plain.subarray(0, at), Buffer.from('/Encrypt 1 0 R '), plain.subarray(at)]);
  await page.getByRole('button', { name: 'Добавить версию' }).click();
  const version = page.getByRole('dialog', { name: 'Новая версия файла' });
  await version.locator('input[type=file]').setInputFiles(pdf('договор-2.pdf', locked));
  await expect(version.getByText(/договор-2\.pdf, /)).toBeVisible();
  await version.getByRole('button', { name: 'Добавить', exact: true }).click();
  await expect(page.getByText('Файл зашифрован: его содержимое проверить нельзя.').first()).toBeVisible();
  await expect(version).toBeHidden();
  await expect(page.locator('iframe')).toHaveCount(0);
  await accessible(page);

  // Two people at once: who comes second reads why nothing happened.
  const id = page.url().split('/').pop() ?? '';
  const { journals } = await ask<{ journals: { id: string; kind: string }[] }>(
    page,
    'federation',
    '{ journals { id kind } }',
  );
  const journal = journals.find((one) => one.kind === 'INCOMING')?.id;
  await page.getByRole('button', { name: 'Зарегистрировать' }).click();
  const registering = page.getByRole('dialog', { name: 'Регистрация документа' });
  await expect(registering.getByLabel('Журнал')).toBeVisible();
  const { registerDocument } = await ask<{ registerDocument: { number: string } }>(
    page,
    'federation',
    'mutation ($document: ID!, $journal: ID!) { registerDocument(document: $document, journal: $journal) { number } }',
    { document: id, journal },
  );
  await registering.getByRole('button', { name: 'Зарегистрировать' }).click();
  await expect(page.getByText(`Документ уже зарегистрирован под № ${registerDocument.number}.`)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Отправить в организации' })).toHaveCount(0);

  // A second route for a paper that is on one already.
  await create(page, { kind: 'INTERNAL', title: 'Записка о ремонте зала', file: pdf('записка.pdf', plain) });
  await page.getByRole('button', { name: 'Отправить по маршруту' }).click();
  const routing = page.getByRole('dialog', { name: 'Маршрут документа' });
  await choose(routing, 'Участник', 'Климова Елена Сергеевна');
  const { colleagues } = await ask<{ colleagues: { nodes: { id: string }[] } }>(
    page,
    'federation',
    '{ colleagues(search: "Климова", first: 1) { nodes { id } } }',
  );
  const steps = [{ group: 1, act: 'APPROVE', account: colleagues.nodes[0]?.id }];
  await ask(
    page,
    'federation',
    'mutation ($document: ID!, $steps: [RouteStepInput!]!) { startRoute(document: $document, steps: $steps) { id } }',
    { document: page.url().split('/').pop(), steps },
  );
  await routing.getByRole('button', { name: 'Отправить', exact: true }).click();
  await expect(page.getByText('Документ на маршруте. Дождитесь его завершения или возврата.')).toBeVisible();
  await context.close();
});

for (const phone of [false, true]) {
  const suffix = phone ? 'phone' : 'desktop';

  test(`documents and tasks are accessible and fit (${suffix})`, async ({ browser }) => {
    const { context, page } = await person(browser, phone);
    await signIn(page, 'chair', documents);
    await expect(page.getByRole('link', { name: /О дежурстве в праздничные дни/ })).toBeVisible();
    await fits(page);
    await picture(page, `documents-${suffix}`);
    await accessible(page);
    await page.getByLabel('Папка').selectOption('TO_SIGN');
    await page.getByRole('link', { name: /О дежурстве в праздничные дни/ }).click();
    await expect(page.getByText('Документ ждёт вашего решения')).toBeVisible();
    await fits(page);
    await accessible(page);
    if (phone) await picture(page, 'document-phone');

    await page.goto(address('/t/federation/tasks'));
    await page.getByLabel('Папка').selectOption('CONTROLLED');
    const task = page.getByRole('article', { name: 'Подготовить сводную справку по членским организациям' });
    await expect(task).toBeVisible();
    await fits(page);
    await picture(page, `tasks-${suffix}`);
    await accessible(page);
    await context.close();
  });
}

test('the list is walked by keys', async ({ browser }) => {
  const { context, page } = await person(browser);
  await signIn(page, 'chair', documents);
  const rows = page.locator('.document-row');
  await expect(rows.nth(1)).toBeVisible();
  const second = (await rows.nth(1).getAttribute('href')) ?? '';
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(rows.nth(1)).toHaveAttribute('data-current', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(address(second));
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('k');
  await expect(page).not.toHaveURL(address(second));
  await context.close();
});
