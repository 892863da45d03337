import { execFileSync } from 'node:child_process';
import { type Page, expect, test } from '@playwright/test';
import { address, fits, person, picture, signIn } from './app';
import { accessible } from './axe';

const tenant = 'federation';
const learning = `/t/${tenant}/learning`;
const title = 'Школа председателя первичной организации';

/** Adds a lesson to the only section and opens it. */
async function addLesson(page: Page, kind: string, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Добавить урок' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Название урока').fill(name);
  await dialog.getByText(kind, { exact: true }).click();
  await dialog.getByRole('button', { name: 'Добавить', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
}

/** Begins a question of a kind and writes its text; the rest is the caller's. */
async function beginQuestion(page: Page, kind: string, text: string): Promise<void> {
  await page.getByRole('button', { name: 'Добавить вопрос' }).click();
  await page.getByLabel('Вид вопроса').selectOption({ label: kind });
  await page.getByLabel('Вопрос', { exact: true }).fill(text);
}

async function keepQuestion(page: Page, n: number): Promise<void> {
  await page.getByRole('button', { name: 'Сохранить вопрос' }).click();
  await expect(page.getByRole('button', { name: `Изменить вопрос ${n}` })).toBeVisible();
}

/** The author writes a course with a text and a quiz of all five kinds, and publishes it. */
async function writeCourse(page: Page): Promise<void> {
  await page.goto(address(`${learning}/authoring`));
  await page.getByRole('button', { name: 'Создать курс' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Название').fill(title);
  await dialog.getByLabel('О чём курс').fill('Для **вновь избранных** председателей.');
  await dialog.getByRole('button', { name: 'Создать', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  await expect(page.getByRole('button', { name: 'Опубликовать' })).toBeDisabled();

  await page.getByRole('button', { name: 'Добавить раздел' }).click();
  await dialog.getByLabel('Название раздела').fill('Введение');
  await dialog.getByRole('button', { name: 'Добавить', exact: true }).click();
  await expect(page.getByRole('heading', { name: '1. Введение' })).toBeVisible();

  await addLesson(page, 'Текст', 'Зачем нужен профсоюз');
  await page.getByLabel('Текст урока').fill('## Главное\n\nВместе мы **сильнее**.\n\n- вести переговоры\n- защищать права');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(page.getByText('Сохранено.')).toBeVisible();
  await picture(page, 'lesson-editor-desktop');
  await accessible(page);
  await page.getByRole('link', { name: 'К содержанию курса' }).click();

  await addLesson(page, 'Тест', 'Итоговый тест');
  await page.getByRole('button', { name: 'Добавить вопрос' }).click();
  // What is missing is said at its place.
  await page.getByRole('button', { name: 'Сохранить вопрос' }).click();
  await expect(page.getByText('Напишите вопрос.')).toBeVisible();
  await page.getByRole('button', { name: 'Отмена' }).click();

  await beginQuestion(page, 'Один ответ', 'Сколько человек нужно для первичной организации?');
  await page.getByLabel('Вариант 1', { exact: true }).fill('Двое');
  await page.getByLabel('Вариант 2', { exact: true }).fill('Трое');
  await page.getByLabel('Вариант 2 — верный').check();
  await keepQuestion(page, 1);

  await beginQuestion(page, 'Несколько ответов', 'Что вправе делать председатель?');
  await page.getByLabel('Вариант 1', { exact: true }).fill('Созывать собрание');
  await page.getByLabel('Вариант 1 — верный').check();
  await page.getByLabel('Вариант 2', { exact: true }).fill('Подписывать протокол');
  await page.getByLabel('Вариант 2 — верный').check();
  await page.getByRole('button', { name: 'Добавить вариант' }).click();
  await page.getByLabel('Вариант 3', { exact: true }).fill('Увольнять работников');
  await keepQuestion(page, 2);

  await beginQuestion(page, 'Соответствие', 'Соотнесите орган и его задачу.');
  await page.getByLabel('Строка 1', { exact: true }).fill('Съезд');
  await page.getByLabel('Пара к строке 1').fill('Высший орган');
  await page.getByLabel('Строка 2', { exact: true }).fill('Ревизионная комиссия');
  await page.getByLabel('Пара к строке 2').fill('Проверяет финансы');
  await keepQuestion(page, 3);

  await beginQuestion(page, 'Число', 'Сколько процентов составляет взнос?');
  await page.getByLabel('Верное число').fill('1');
  await page.getByLabel('Пояснение к ответу').fill('Размер взноса — **1 %**.');
  await keepQuestion(page, 4);

  await beginQuestion(page, 'Короткий текст', 'Как называется основной документ профсоюза?');
  await page.getByLabel('Верные ответы').fill('устав\nустав профсоюза');
  await keepQuestion(page, 5);

  await page.getByLabel('Ограничение времени, минут').fill('20');
  await page.getByLabel('Число попыток').fill('3');
  await page.getByLabel('Проходной балл, %').fill('80');
  await page.getByLabel('Разбор ответов').selectOption('AFTER_PASSING');
  await page.getByRole('button', { name: 'Сохранить', exact: true }).last().click();
  await expect(page.getByText('Сохранено.').first()).toBeVisible();
  await picture(page, 'quiz-editor-desktop');
  await accessible(page);
  await page.getByRole('link', { name: 'К содержанию курса' }).click();

  // The order changes by keys, and back again.
  await page.getByRole('link', { name: 'Открыть урок «Итоговый тест»' }).focus();
  await page.keyboard.press('Alt+ArrowUp');
  const first = page.locator('.draft-lessons li').first();
  await expect(first).toContainText('Итоговый тест');
  await page.getByRole('link', { name: 'Открыть урок «Итоговый тест»' }).focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(first).toContainText('Зачем нужен профсоюз');
  await picture(page, 'course-editor-desktop');
  await accessible(page);

  await page.getByRole('button', { name: 'Опубликовать' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Опубликовать' }).click();
  await expect(page.getByText('Курс опубликован.')).toBeVisible();
}

test('a course is written, taken on a phone, and its certificate verifies', async ({ browser }) => {
  test.setTimeout(400_000);
  const author = await person(browser);
  await signIn(author.page, 'admin');
  await writeCourse(author.page);

  // The author counts an audience, and enrols one person by name.
  await author.page.getByRole('tab', { name: /Слушатели/ }).click();
  await author.page.getByRole('button', { name: 'Записать на курс' }).click();
  const enrol = author.page.getByRole('dialog');
  await enrol.getByText('Группу', { exact: true }).click();
  await expect(enrol.getByTestId('audience-count')).toContainText(/\d+ человек/);
  await accessible(author.page);
  await enrol.getByText('Людей', { exact: true }).click();
  await enrol.getByLabel('Поиск человека').fill('Агафонов');
  await enrol.getByRole('checkbox', { name: /Агафонов/ }).check();
  await enrol.getByRole('button', { name: 'Записать 1 человека' }).click();
  await expect(author.page.getByText('Записан 1 человек.')).toBeVisible();
  await expect(author.page.getByRole('table', { name: 'Ведомость' })).toContainText('Агафонов');
  await picture(author.page, 'gradebook-desktop');
  await accessible(author.page);
  await fits(author.page);

  // The member takes it on a phone.
  const learner = await person(browser, true);
  const { page } = learner;
  await signIn(page, 'member1', learning);
  const mine = page.getByRole('article', { name: title }).first();
  await expect(mine).toContainText('Пройдено 0 из 2');
  await picture(page, 'learning-phone');
  await accessible(page);
  await fits(page);
  await mine.getByRole('link', { name: 'Начать' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Зачем нужен профсоюз');
  await expect(page.getByText('Вместе мы сильнее.')).toBeVisible();
  await picture(page, 'lesson-phone');
  await accessible(page);
  await fits(page);
  await page.getByRole('button', { name: 'Отметить пройденным' }).click();
  await expect(page.getByText('Урок пройден')).toBeVisible();

  // The list of lessons is a drawer here.
  await page.getByRole('button', { name: 'Список уроков' }).click();
  await expect(page.getByRole('dialog')).toContainText('Пройдено 1 из 2');
  await page.getByRole('dialog').getByRole('link', { name: /Итоговый тест/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Итоговый тест');

  // The rules are told before the start.
  await expect(page.getByText('На прохождение — 20 минут')).toBeVisible();
  await expect(page.getByText(/после окончания времени, не засчитываются/)).toBeVisible();
  await expect(page.getByText('Осталось 3 попытки из 3')).toBeVisible();
  await expect(page.getByText('Чтобы сдать, нужно набрать 80 %')).toBeVisible();
  await picture(page, 'quiz-rules-phone');
  await accessible(page);
  await page.getByRole('button', { name: 'Начать', exact: true }).click();
  await expect(page.getByTestId('time-left')).toContainText(/1?\d:\d\d/);

  await page.getByLabel('Трое').check();
  await page.getByLabel('Созывать собрание').check();
  await page.getByLabel('Подписывать протокол').check();
  await page.getByLabel('Съезд', { exact: true }).selectOption({ label: 'Высший орган' });
  await page.getByLabel('Ревизионная комиссия', { exact: true }).selectOption({ label: 'Проверяет финансы' });
  await expect(page.getByText('Отвечено 3 из 5')).toBeVisible();
  await expect(page.getByTestId('keeping')).toHaveText('Все ответы сохранены');
  await picture(page, 'quiz-phone');
  await accessible(page);
  await fits(page);

  // Leaving loses nothing: the attempt goes on where it was.
  await page.reload();
  await page.getByRole('button', { name: 'Продолжить попытку' }).click();
  await expect(page.getByText('Отвечено 3 из 5')).toBeVisible();
  await expect(page.getByLabel('Трое')).toBeChecked();
  await expect(page.getByLabel('Съезд', { exact: true }).locator('option:checked')).toHaveText('Высший орган');

  const missing = async () => {
    await page.getByRole('button', { name: 'Завершить и проверить' }).click();
    const text = (await page.getByTestId('unanswered').textContent()) ?? '';
    await page.getByRole('dialog').getByRole('button', { name: 'Отмена' }).click();
    return text.match(/\d+/g)?.length ?? 0;
  };
  expect(await missing()).toBe(2);
  await page.getByRole('group', { name: /Сколько процентов/ }).getByRole('textbox').fill('1,0');
  await page.getByRole('group', { name: /основной документ/ }).getByRole('textbox').fill(' Устав ');
  await expect(page.getByText('Отвечено 5 из 5')).toBeVisible();
  await page.getByRole('button', { name: 'Завершить и проверить' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Завершить' }).click();
  const result = page.getByTestId('attempt-result');
  await expect(result).toContainText('Тест сдан');
  await expect(result).toContainText('100 %');
  await expect(result).toContainText('Размер взноса');
  await picture(page, 'quiz-result-phone');
  await accessible(page);
  await fits(page);

  // The certificate: on the course's page, as PDF, and for anyone by its link.
  await page.getByRole('link', { name: 'К сертификату' }).click();
  const certificate = page.getByTestId('certificate');
  await expect(certificate).toContainText('№');
  const number = /№\s*(\S+)/.exec((await certificate.textContent()) ?? '')?.[1]?.replace(/Выдан.*/, '') ?? '';
  expect(number).not.toBe('');
  const download = page.waitForEvent('download');
  await certificate.getByRole('button', { name: 'Скачать PDF' }).click();
  const file = await (await download).path();
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replace(/\s+/g, ' ');
  for (const words of ['Агафонов', title, number]) expect(text, words).toContain(words);
  await picture(page, 'certificate-phone');
  await accessible(page);
  await fits(page);

  const link = (await certificate.getByRole('link', { name: /Страница проверки/ }).getAttribute('href')) ?? '';
  const anyone = await person(browser, true);
  await anyone.page.goto(address(link));
  const check = anyone.page.getByTestId('certificate-check');
  await expect(check).toContainText('Сертификат подлинный');
  await expect(check).toContainText('Агафонов');
  await expect(check).toContainText(number);
  await picture(anyone.page, 'certificate-check-phone');
  await accessible(anyone.page);
  await fits(anyone.page);
  await anyone.page.goto(address(`${link.slice(0, -4)}AAAA`));
  await expect(anyone.page.getByText('Такого сертификата нет')).toBeVisible();

  // The gradebook has it.
  await author.page.reload();
  const gradebook = author.page.getByRole('table', { name: 'Ведомость' });
  await expect(gradebook).toContainText('прошёл');
  await expect(gradebook).toContainText('100 %');
  const csv = author.page.waitForEvent('download');
  await author.page.getByRole('button', { name: 'Выгрузить CSV' }).click();
  expect((await csv).suggestedFilename()).toContain('Ведомость');

  for (const one of [author, learner, anyone]) await one.context.close();
});

test('the pages of learning are accessible and fit a phone', async ({ browser }) => {
  for (const phone of [false, true]) {
    const suffix = phone ? 'phone' : 'desktop';
    const { context, page } = await person(browser, phone);
    await signIn(page, 'admin');
    for (const [name, path] of [
      ['catalogue', learning],
      ['authoring', `${learning}/authoring`],
    ]) {
      await page.goto(address(path));
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(page.getByText(title).first()).toBeVisible();
      await picture(page, `${name}-${suffix}`);
      await accessible(page);
      await fits(page);
    }
    await context.close();
  }
});
