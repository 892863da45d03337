import { execFileSync } from 'node:child_process';
import { type Page, expect } from '@playwright/test';
import { address, ask, fits, picture } from './app';

export const title = 'Школа председателя первичной организации';
const question = 'Кто созывает собрание первичной организации?';

/** A published course of a lesson and a test, which the council can send people to; its id. */
export async function makeCourse(page: Page, tenant: string): Promise<string> {
  const { createCourse } = await ask<{ createCourse: { id: string } }>(
    page,
    tenant,
    'mutation($input: CreateCourseInput!) { createCourse(input: $input) { id } }',
    { input: { title, summary: 'Права и обязанности председателя, собрание, протокол.' } },
  );
  const course = createCourse.id;
  const { addSection } = await ask<{ addSection: { sections: { id: string }[] } }>(
    page,
    tenant,
    'mutation($course: ID!) { addSection(course: $course, title: "Основы работы") { sections { id } } }',
    { course },
  );
  const lesson = async (name: string, kind: string): Promise<string> => {
    const { addLesson } = await ask<{ addLesson: { id: string } }>(
      page,
      tenant,
      'mutation($section: ID!, $input: AddLessonInput!) { addLesson(section: $section, input: $input) { id } }',
      { section: addSection.sections[0]?.id, input: { title: name, kind } },
    );
    return addLesson.id;
  };
  const text = await lesson('Как провести собрание', 'TEXT');
  await ask(page, tenant, 'mutation($lesson: ID!, $input: UpdateLessonInput!) { updateLesson(lesson: $lesson, input: $input) { id } }', {
    lesson: text,
    input: {
      text: '## Подготовка\n\nСобрание созывает **председатель**. О нём сообщают заранее:\n\n- день и место;\n- повестка;\n- материалы.\n\n## Протокол\n\nПротокол подписывают председатель и секретарь собрания.',
    },
  });
  const quiz = await lesson('Итоговый тест', 'QUIZ');
  const questions = [
    {
      kind: 'SINGLE',
      text: question,
      options: [
        { text: 'Работодатель', right: false },
        { text: 'Председатель', right: true },
      ],
    },
    { kind: 'SHORT_TEXT', text: 'Каким документом оформляют решения собрания?', spellings: ['протокол', 'протоколом'] },
  ];
  for (const input of questions) {
    await ask(page, tenant, 'mutation($lesson: ID!, $input: QuestionInput!) { saveQuestion(lesson: $lesson, input: $input) { id } }', {
      lesson: quiz,
      input,
    });
  }
  await ask(page, tenant, 'mutation($lesson: ID!, $input: QuizRulesInput!) { setQuizRules(lesson: $lesson, input: $input) { id } }', {
    lesson: quiz,
    input: { feedback: 'FULL', maxAttempts: 3, passPercent: 80, shuffle: false, timeLimitMinutes: 20 },
  });
  const { publishCourse } = await ask<{ publishCourse: { status: string } }>(
    page,
    tenant,
    'mutation($course: ID!) { publishCourse(course: $course) { status } }',
    { course },
  );
  expect(publishCourse.status).toBe('OK');
  return course;
}

/** Goes through the course on a phone, passes its test and takes the certificate; its number and where it is checked. */
export async function learn(page: Page, home: string, name: string): Promise<{ number: string; check: string }> {
  await page.goto(address(`${home}/learning`));
  const mine = page.getByRole('article', { name: title }).first();
  await expect(mine).toContainText('Пройдено 0 из 2');
  await fits(page);
  await picture(page, 'story-courses-phone');
  await mine.getByRole('link', { name: 'Начать' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Как провести собрание' })).toBeVisible();
  await fits(page);
  await picture(page, 'story-lesson-phone');
  await page.getByRole('button', { name: 'Отметить пройденным' }).click();
  await expect(page.getByText('Урок пройден')).toBeVisible();
  await page.getByRole('link', { name: /^Следующий урок: Итоговый тест/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Итоговый тест' })).toBeVisible();
  await expect(page.getByText('На прохождение — 20 минут')).toBeVisible();
  await page.getByRole('button', { name: 'Начать', exact: true }).click();
  await page.getByRole('group', { name: question }).getByLabel('Председатель').check();
  await page.getByRole('group', { name: /Каким документом/ }).getByRole('textbox').fill('Протоколом');
  await expect(page.getByText('Отвечено 2 из 2')).toBeVisible();
  await expect(page.getByTestId('keeping')).toHaveText('Все ответы сохранены');
  await fits(page);
  await picture(page, 'story-quiz-phone');
  await page.getByRole('button', { name: 'Завершить и проверить' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Завершить' }).click();
  await expect(page.getByTestId('attempt-result')).toContainText('Тест сдан');
  await page.getByRole('link', { name: 'К сертификату' }).click();
  const certificate = page.getByTestId('certificate');
  const number = /№ (\d{4}-\d+)/.exec((await certificate.getByRole('heading').textContent()) ?? '')?.[1] ?? '';
  expect(number, 'the number of the certificate').not.toBe('');
  const download = page.waitForEvent('download');
  await certificate.getByRole('button', { name: 'Скачать PDF' }).click();
  const file = await (await download).path();
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replace(/\s+/g, ' ');
  for (const words of [name.split(' ')[0] ?? name, title, number]) expect(text, words).toContain(words);
  await fits(page);
  await picture(page, 'story-certificate-phone');
  const check = await certificate.getByRole('link', { name: /Страница проверки/ }).getAttribute('href');
  return { number, check: check ?? '' };
}

/** Anybody with the link sees that the certificate is genuine, without signing in. */
export async function check(page: Page, path: string, name: string, number: string): Promise<void> {
  await page.goto(address(path));
  const verdict = page.getByTestId('certificate-check');
  await expect(verdict).toContainText('Сертификат подлинный');
  await expect(verdict).toContainText(name);
  await expect(verdict).toContainText(number);
  await fits(page);
  await picture(page, 'story-certificate-check-phone');
}
