import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type Locator, type Page, expect, test } from '@playwright/test';
import { address, ask, fillIn, person, picture, signIn } from './app';
import { MailServer } from './letters';
import { type Served, serve } from './server';
import {
  accept,
  answerNotice,
  body,
  call,
  chairOf,
  elect,
  elected,
  home,
  importRegister,
  meet,
  memberOf,
  password,
  readChannel,
  secretaryOf,
  tenant,
  write,
} from './story-council';
import { check, learn, makeCourse, title } from './story-learning';

const task = 'Подготовить план обучения профсоюзного актива';
const training = 'Обучить председателей первичных организаций';

let mail: MailServer;
let server: Served;
const shared = process.env.BASE_URL;

test.beforeAll(async () => {
  mail = await MailServer.start();
  server = await serve({ PLENUM_SMTP_URL: mail.url });
  process.env.BASE_URL = server.url;
});

test.afterAll(async () => {
  process.env.BASE_URL = shared;
  await server?.stop();
  await mail?.stop();
});

/** The day so many days from now, as a field of the kind "date" takes it. */
function day(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** Adds what follows from the decision on the first item: a task, or the training of chairs. */
async function addMeasure(
  page: Page,
  measure: { what: string; assignee?: string; course?: string; until: string },
): Promise<void> {
  const card = page.getByRole('region', { name: 'Что последует за решениями' });
  await card.getByRole('button', { name: /^Добавить меру/ }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Мера по решению' });
  // What is missing is said at its place.
  await dialog.getByRole('button', { name: 'Добавить меру' }).click();
  await expect(dialog.getByText('Напишите, что сделать.')).toBeVisible();
  await dialog.getByLabel('Что сделать').fill(measure.what);
  const [field, choice] = measure.course ? ['Курс', measure.course] : ['Исполнитель', measure.assignee ?? ''];
  if (measure.course) await dialog.getByRole('radio', { name: 'Обучение' }).check();
  await dialog.getByRole('combobox', { name: field }).fill(choice);
  await page.getByRole('option', { name: choice }).first().click();
  if (measure.course) {
    await expect(dialog.getByRole('checkbox', { name: 'председатели', exact: true })).toBeChecked();
    await expect(dialog.getByRole('checkbox', { name: /первичных/ })).toBeChecked();
  }
  await dialog.getByLabel('Срок').fill(measure.until);
  await dialog.getByRole('button', { name: 'Добавить меру' }).click();
  await expect(dialog).toBeHidden();
  await expect(card.getByText(measure.what)).toBeVisible();
}

/** Opens the minutes among the documents; their address. */
async function openMinutes(page: Page): Promise<string> {
  const row = page.getByRole('link', { name: /Протокол № 1 от/ });
  await expect(async () => {
    await page.goto(address(`${home}/documents`));
    await expect(row).toBeVisible({ timeout: 3_000 });
  }).toPass();
  await row.click();
  await expect(page.getByRole('heading', { level: 1, name: /Протокол № 1/ })).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Signs with the password entered again. */
async function sign(page: Page, minutes: string): Promise<void> {
  await page.goto(address(minutes));
  await page.getByRole('button', { name: 'Подписать', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Пароль', { exact: true }).fill(password);
  await dialog.getByRole('button', { name: 'Подписать', exact: true }).click();
  await expect(page.getByText('Документ подписан.')).toBeVisible();
}

/** How many signatures of the document on the page hold, and how many do not. */
async function signatures(page: Page, valid: number, broken: number): Promise<void> {
  const card = page.getByRole('region', { name: 'Подписи' });
  await expect(card.getByRole('listitem')).toHaveCount(valid + broken);
  await expect(card.getByText('Действительна', { exact: true })).toHaveCount(valid);
  await expect(card.getByText('Недействительна', { exact: true })).toHaveCount(broken);
}

/** Changes one byte of the organization's file that has this hash, as somebody with access to the disk could. */
async function tamper(page: Page, sha256: string): Promise<void> {
  const { viewer } = await ask<{ viewer: { tenants: { tenant: { id: string; slug: string } }[] } }>(
    page, tenant, '{ viewer { tenants { tenant { id slug } } } }');
  const id = viewer.tenants.find((one) => one.tenant.slug === tenant)?.tenant.id ?? '';
  const folder = join(server.data, 'objects', id.split('_').at(-1) ?? '');
  const paths = readdirSync(folder).map((name) => join(folder, name));
  const path = paths.find((one) => createHash('sha256').update(readFileSync(one)).digest('hex') === sha256);
  if (!path) throw new Error(`no file has the hash ${sha256}`);
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  writeFileSync(path, bytes);
}

/** Keeps a picture with a part of the page in its middle. */
async function pictureOf(page: Page, part: Locator, name: string): Promise<void> {
  await part.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await picture(page, name);
}

async function people(browser: Browser): Promise<Page[]> {
  const pages: Page[] = [];
  for (let number = 0; number < 5; number += 1) pages.push((await person(browser)).page);
  return pages;
}

test('one story through every module', async ({ browser }) => {
  test.setTimeout(300_000);
  const [keeper, admin, chair, secretary, member] = (await people(browser)) as [Page, Page, Page, Page, Page];

  await test.step('a register is imported, and the elected are invited', async () => {
    await importRegister(keeper);
    for (const [page, one] of [[chair, chairOf], [secretary, secretaryOf], [member, memberOf]] as const) {
      await accept(page, mail, one.email);
    }
  });

  const session = await test.step('the council is made and called', async () => {
    await signIn(admin, 'admin');
    await elect(admin);
    return call(admin);
  });

  await test.step('its members get the notice by mail and in chat', async () => {
    await write(admin);
    for (const one of elected) {
      await mail.letter(one.email, `${body}: заседание № 1`);
      const letter = await mail.letter(one.email, 'Материалы к первому заседанию');
      expect(letter.text).toContain(`Здравствуйте, ${one.called}!`);
    }
    for (const [page, one] of [[chair, chairOf], [secretary, secretaryOf], [member, memberOf]] as const) {
      await answerNotice(page, mail, one);
    }
    await readChannel(secretary);
  });

  await test.step('the agenda item says what follows from the decision', async () => {
    await makeCourse(admin, tenant);
    await admin.goto(address(session));
    await addMeasure(admin, { what: task, assignee: 'Соболев', until: day(14) });
    await addMeasure(admin, { what: training, course: title, until: day(30) });
    await pictureOf(admin, admin.getByRole('region', { name: 'Что последует за решениями' }), 'story-measures-desktop');
  });

  await test.step('the council meets by video and votes', async () => {
    await meet(chair, [secretary, member], session);
  });

  const minutes = await test.step('the minutes are signed by the secretary and by the chair', async () => {
    const path = await openMinutes(secretary);
    await picture(secretary, 'story-minutes-desktop');
    await sign(secretary, path);
    await sign(chair, path);
    await signatures(chair, 2, 0);
    await pictureOf(chair, chair.getByRole('region', { name: 'Подписи' }), 'story-signed-desktop');
    return path;
  });

  await test.step('the decision is a task', async () => {
    await secretary.goto(address(`${home}/tasks`));
    await expect(secretary.getByText(task)).toBeVisible();
    await picture(secretary, 'story-task-desktop');
    await secretary.getByRole('button', { name: 'Отчитаться' }).click();
    const dialog = secretary.getByRole('dialog');
    await dialog.getByLabel('Что сделано').fill('План составлен и согласован.');
    await dialog.getByRole('button', { name: 'Отчитаться' }).click();
    await chair.goto(address(`${home}/tasks`));
    await chair.getByRole('combobox', { name: 'Папка' }).selectOption('На моём контроле');
    await chair.getByRole('button', { name: 'Принять' }).click();
    await expect(chair.getByText('Поручение снято с контроля.')).toBeVisible();
  });

  await test.step('the minutes go to another organization, and a receipt comes back', async () => {
    await admin.goto(address(minutes));
    await admin.getByRole('button', { name: 'Отправить в организации' }).click();
    const dialog = admin.getByRole('dialog');
    await dialog.getByRole('checkbox', { name: /образования/ }).check();
    await dialog.getByRole('button', { name: 'Отправить', exact: true }).click();
    await expect(admin.getByText(/зарегистрирован: № .+ от/)).toBeVisible();
    await pictureOf(admin, admin.getByRole('region', { name: 'Отправка и квитанции' }), 'story-sent-desktop');
    await admin.goto(address('/t/education/documents'));
    await admin.getByRole('link', { name: /Протокол № 1 от/ }).click();
    await expect(admin.getByText('Хеш совпадает с полученным файлом')).toHaveCount(2);
    await picture(admin, 'story-received-desktop');
    await admin.goto(address('/t/education/journals'));
    await expect(admin.getByRole('link', { name: /Протокол № 1 от/ })).toBeVisible();
  });

  const certificate = await test.step('a chair of a primary organization learns on a phone', async () => {
    const told = await mail.letter(secretaryOf.email, `Вас записали на курс «${title}»`);
    expect(told.text).toContain('Пройти до');
    // Five of those on record are chairs of primary organizations, and nobody else learns.
    await admin.goto(address(`${home}/learning/authoring`));
    await admin.getByRole('link', { name: new RegExp(title) }).click();
    await admin.getByRole('tab', { name: /Слушатели/ }).click();
    const gradebook = admin.getByRole('table', { name: 'Ведомость' });
    await expect(gradebook.getByRole('row')).toHaveCount(1 + 5);
    await picture(admin, 'story-learners-desktop');
    const phone = await person(browser, true);
    await phone.page.goto(address('/sign-in'));
    await fillIn(phone.page, secretaryOf.email, password);
    await expect(phone.page).toHaveURL(/\/t\//);
    const got = await learn(phone.page, home, secretaryOf.name);
    await phone.context.close();
    return got;
  });

  await test.step('anybody can check the certificate', async () => {
    const stranger = await person(browser, true);
    await check(stranger.page, certificate.check, secretaryOf.name, certificate.number);
    await stranger.context.close();
  });

  await test.step('the history of the record shows all of it', async () => {
    await keeper.goto(address(`${home}/members`));
    await keeper.getByRole('searchbox', { name: 'Поиск' }).fill('Соболев');
    await keeper.getByText(secretaryOf.name).click();
    await keeper.getByRole('tab', { name: 'История' }).click();
    const history = keeper.getByRole('tabpanel', { name: 'История' });
    for (const words of [
      'Внесён(а) в реестр из файла',
      'Приглашён(а) в личный кабинет',
      'Подключён личный кабинет',
      `Избран(а): секретарь: ${body}`,
      'Отправлено извещение о заседании: Первое заседание Совета',
      'Отправлено письмо рассылки: Материалы к первому заседанию Совета',
      'Участвовал(а) в заседании: Первое заседание Совета',
      'Подписал(а) документ: Протокол № 1',
      `Получил(а) поручение: ${task}`,
      `Выполнил(а) поручение: ${task}`,
      `Записан(а) на курс: ${title}`,
      `Выдан сертификат № ${certificate.number}: ${title}`,
    ]) {
      await expect(history, words).toContainText(words);
    }
    await picture(keeper, 'story-history-desktop');
    // Of one kind only, day by day.
    await keeper.getByLabel('О чём').selectOption({ label: 'Обучение' });
    await expect(history).not.toContainText('Отправлено извещение');
    await expect(history).toContainText(`Записан(а) на курс: ${title}`);
    await keeper.getByLabel('О чём').selectOption({ label: 'Вся история' });
  });

  await test.step('one byte of the minutes is changed, and the signatures hold no more', async () => {
    await chair.goto(address(minutes));
    await signatures(chair, 2, 0);
    const hash = /SHA-256 ([0-9a-f]{64})/.exec((await chair.locator('main').textContent()) ?? '')?.[1] ?? '';
    await tamper(chair, hash);
    await chair.reload();
    await signatures(chair, 0, 2);
    await expect(chair.getByText('Файл изменён после подписания или утрачен.')).toHaveCount(2);
    await pictureOf(chair, chair.getByRole('region', { name: 'Подписи' }), 'story-tampered-desktop');
  });

  for (const page of [keeper, admin, chair, secretary, member]) await page.context().close();
});
