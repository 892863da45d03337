import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Page, expect } from '@playwright/test';
import { address, fillIn, picture, received, signIn } from './app';
import { type MailServer, linkOf } from './letters';

const register = join(dirname(fileURLToPath(import.meta.url)), '../data/story.csv');
export const tenant = 'register';
export const home = `/t/${tenant}`;
export const body = 'Совет организации';
export const password = 'council-of-five-2026';
const motion = 'Обучить председателей первичных организаций и представить план обучения.';

/** Those of the register who are elected. */
export const elected = [
  { key: 'chair', name: 'Ветрова Наталья Павловна', called: 'Наталья Павловна', email: 'vetrova@example.org', office: 'Председатель' },
  { key: 'secretary', name: 'Соболев Андрей Ильич', called: 'Андрей Ильич', email: 'sobolev@example.org', office: 'Секретарь' },
  { key: 'member', name: 'Левина Ольга Сергеевна', called: 'Ольга Сергеевна', email: 'levina@example.org', office: 'Член органа' },
  { key: 'mate', name: 'Мартынов Виктор Егорович', called: 'Виктор Егорович', email: 'martynov@example.org', office: 'Член органа' },
  { key: 'other', name: 'Юдина Светлана Олеговна', called: 'Светлана Олеговна', email: 'yudina@example.org', office: 'Член органа' },
] as const;
export const [chairOf, secretaryOf, memberOf] = elected;

/** An hour from now in Moscow, as a field of the kind "datetime-local" takes it. */
function soon(): string {
  const moscow = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Moscow', dateStyle: 'short', timeStyle: 'short' });
  return moscow.format(Date.now() + 3_600_000).replace(' ', 'T');
}

/** Imports the register, and invites those who are elected. */
export async function importRegister(page: Page): Promise<void> {
  await signIn(page, 'keeper', `${home}/members/import`);
  const file = { name: 'Реестр профсоюза.csv', mimeType: 'text/csv', buffer: readFileSync(register) };
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByRole('button', { name: 'Принять 16 человек' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Записать' }).click();
  await expect(page.getByText('Принято: 16 человек')).toBeVisible();
  await picture(page, 'story-import-desktop');
  await page.goto(address(`${home}/members`));
  for (const one of elected) await page.getByRole('checkbox', { name: `Выбрать: ${one.name}` }).check();
  await picture(page, 'story-invite-desktop');
  await page.getByRole('button', { name: 'Пригласить в кабинет' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Отправить приглашения' }).click();
  await expect(page.getByText('Отправлено 5 приглашений')).toBeVisible();
}

/** Sets a password by the link of the invitation. */
export async function accept(page: Page, mail: MailServer, email: string): Promise<void> {
  const letter = await mail.letter(email, 'Личный кабинет члена профсоюза');
  await page.goto(await linkOf(page, letter, 'Задать пароль и войти'));
  await page.getByRole('textbox', { name: 'Новый пароль' }).fill(password);
  await page.getByRole('button', { name: 'Сохранить пароль' }).click();
  await expect(page.getByText('Пароль изменён')).toBeVisible();
}

/** Makes the council of people on record. */
export async function elect(page: Page): Promise<void> {
  await page.goto(address(`${home}/bodies`));
  await page.getByRole('button', { name: 'Создать орган' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Название').fill(body);
  await dialog.getByRole('button', { name: 'Создать' }).click();
  await expect(page.getByRole('heading', { level: 1, name: body })).toBeVisible();
  for (const one of elected) {
    await page.getByRole('button', { name: 'Добавить в состав' }).click();
    const [surname = ''] = one.name.split(' ');
    await dialog.getByLabel('Фамилия, имя, отчество').pressSequentially(surname);
    await page.getByRole('option', { name: one.name }).click();
    await expect(dialog.getByLabel('Электронная почта')).toHaveValue(one.email);
    await dialog.getByLabel('Должность в органе').selectOption(one.office);
    if (one === chairOf) await picture(page, 'story-seat-desktop');
    await dialog.getByRole('button', { name: 'Добавить', exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('listitem').filter({ hasText: one.name })).toBeVisible();
  }
  await picture(page, 'story-council-desktop');
}

/** Calls the session; its address. */
export async function call(page: Page): Promise<string> {
  await page.getByRole('link', { name: 'Назначить заседание' }).click();
  await page.getByLabel('Название').fill('Первое заседание Совета');
  await page.getByLabel('Дата и время начала').fill(soon());
  const item = page.getByRole('group', { name: 'Вопрос 1' });
  await item.getByLabel('Вопрос повестки').fill('Об обучении профсоюзного актива');
  await item.getByLabel('Докладчик').fill(chairOf.name);
  await item.getByLabel('Проект решения').fill(motion);
  await picture(page, 'story-call-desktop');
  await page.getByRole('button', { name: 'Назначить заседание' }).click();
  await expect(page).toHaveURL(/\/sessions\/Session_/);
  await expect(page.getByText('Отправлено 5 уведомлений')).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Writes to the members of the council by mail and in their channel. */
export async function write(page: Page): Promise<void> {
  await page.goto(address(`${home}/mailings/lists`));
  await page.getByLabel('Название списка').fill('Совету организации');
  await page.getByLabel('О чём он: увидит получатель').fill('Извещения и материалы для членов Совета');
  await page.getByRole('button', { name: 'Создать', exact: true }).click();
  await expect(page.getByText('Совету организации', { exact: true })).toBeVisible();
  await page.goto(address(`${home}/mailings`));
  await page.getByRole('button', { name: 'Новая рассылка' }).click();
  await page.getByLabel('Тема письма').fill('Материалы к первому заседанию Совета');
  await page
    .getByRole('textbox', { name: 'Абзац 1' })
    .fill('Здравствуйте, {{имя_отчество|коллеги}}! Заседание пройдёт по видеосвязи. Проверьте камеру и микрофон заранее.');
  await page.getByRole('checkbox', { name: body }).check();
  await page.getByRole('combobox', { name: 'Выборные органы' }).press('ArrowDown');
  await page.getByRole('option', { name: body }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByText('5 получателей', { exact: true })).toBeVisible();
  await picture(page, 'story-mailing-desktop');
  await page.getByRole('button', { name: 'Отправить', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Отправить', exact: true }).click();
  await expect(page.getByText('Обработано 5 из 5')).toBeVisible();
  await picture(page, 'story-mailing-sent-desktop');
}

/** Opens the session by the personal link of the notice, and signs in on the way. */
export async function answerNotice(page: Page, mail: MailServer, one: (typeof elected)[number]): Promise<void> {
  const notice = await mail.letter(one.email, `${body}: заседание № 1`);
  const href = await linkOf(page, notice, 'Открыть заседание');
  if (one === secretaryOf) await picture(page, 'story-notice-desktop');
  await page.goto(href);
  await fillIn(page, one.email, password);
  await expect(page.getByRole('heading', { level: 1, name: 'Первое заседание Совета' })).toBeVisible();
}

/** The council's channel tells of the session and of the letter. */
export async function readChannel(page: Page): Promise<void> {
  await page.goto(address(`${home}/chat`));
  await page.getByRole('list', { name: 'Чаты' }).getByRole('link', { name: new RegExp(body) }).click();
  const log = page.getByRole('log');
  await expect(log).toContainText('Первое заседание Совета');
  await expect(log).toContainText('Здравствуйте, коллеги! Заседание пройдёт по видеосвязи.');
  await picture(page, 'story-channel-desktop');
}

async function enter(page: Page, session: string): Promise<void> {
  await page.goto(address(`${session}/room`));
  const width = () => page.evaluate(() => document.querySelector('video')?.videoWidth ?? 0);
  await expect.poll(width, { message: 'the camera is on' }).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Войти в комнату' }).click();
  await expect(page.getByTestId('room')).toHaveAttribute('data-state', 'connected');
}

/** The council meets: quorum, a vote by name, the decision, the end. */
export async function meet(chair: Page, others: Page[], session: string): Promise<void> {
  const quorum = chair.getByTestId('quorum');
  await enter(chair, session);
  for (const page of others) {
    await expect(quorum).toHaveAttribute('data-reached', 'false');
    await enter(page, session);
  }
  await expect(quorum).toHaveAttribute('data-reached', 'true');
  await expect(quorum).toContainText('Присутствуют 3 из 5');
  for (const page of [chair, ...others]) {
    await expect.poll(async () => (await received(page)).frames, { timeout: 60_000 }).toBeGreaterThan(0);
  }
  await chair.getByRole('button', { name: 'Открыть заседание' }).click();
  await chair.getByRole('button', { name: /Перейти к вопросу 1/ }).click();
  await expect(chair.getByLabel('Вопрос на голосование')).toHaveValue(motion);
  await chair.getByRole('button', { name: 'Поставить на голосование' }).click();
  for (const page of [chair, ...others]) {
    const panel = page.getByTestId('vote-panel');
    await panel.getByRole('button', { name: 'За', exact: true }).click();
    await expect(panel).toContainText('Ваш голос учтён: За');
  }
  await expect(chair.getByTestId('vote-panel')).toContainText('Проголосовали 3 из 3');
  await picture(chair, 'story-vote-desktop');
  await chair.getByRole('button', { name: 'Закрыть голосование' }).click();
  await chair.getByRole('dialog').getByRole('button', { name: 'Закрыть голосование' }).click();
  await expect(chair.getByTestId('vote-result').first()).toContainText('Решение принято');
  await expect(chair.getByLabel('Решение по вопросу')).toHaveValue(motion);
  await chair.getByRole('button', { name: 'Записать решение' }).click();
  await expect(chair.getByText('Решение записано.')).toBeVisible();
  await chair.getByRole('button', { name: 'Закрыть заседание' }).click();
  await chair.getByRole('dialog').getByRole('button', { name: 'Закрыть заседание' }).click();
  for (const page of others) await expect(page.getByText('Заседание закрыто').first()).toBeVisible();
}
