import { execFileSync } from 'node:child_process';
import { type Page, expect, test } from '@playwright/test';
import { address, ask, fits, person, picture, received, signIn } from './app';
import { accessible } from './axe';
import { callSession, enter, tenant } from './presidium';

/** So many more pictures of somebody else have come: time has passed, and there was something to record. */
async function morePictures(page: Page): Promise<void> {
  const { frames } = await received(page);
  await expect.poll(async () => (await received(page)).frames, { timeout: 60_000 }).toBeGreaterThan(frames + 100);
}

test('a session is recorded before all eyes, and watched afterwards', async ({ browser }) => {
  // It is recorded, made into a film and watched, each in its own time.
  test.setTimeout(360_000);
  const admin = await person(browser);
  await signIn(admin.page, 'admin');
  const session = await callSession(admin.page, 'Комиссия по охране труда');
  const path = `/t/${tenant}/sessions/${session}`;

  const chair = await person(browser);
  const member = await person(browser);
  await signIn(chair.page, 'chair', `${path}/room`);
  await signIn(member.page, 'member1', `${path}/room`);
  for (const { page } of [chair, member]) await enter(page);
  const panel = chair.page.getByTestId('recording');
  await expect(panel).toContainText('Заседание не записывается.');
  // Who may not record has no switch of it.
  await expect(member.page.getByTestId('recording')).toHaveCount(0);
  await expect(member.page.locator('.room-rec')).toHaveCount(0);

  // Everybody is told that it begins, and sees it as long as it lasts.
  await panel.getByRole('button', { name: 'Начать запись' }).click();
  const dialog = chair.page.getByRole('dialog');
  await expect(dialog).toContainText('Запись хранится год');
  await dialog.getByRole('button', { name: 'Начать запись' }).click();
  await expect(member.page.getByText('Началась запись заседания.')).toBeVisible();
  for (const { page } of [chair, member]) await expect(page.locator('.room-rec')).toHaveText('Идёт запись');
  await expect(chair.page.getByTestId('tile')).toHaveCount(2);
  await picture(chair.page, 'recording-desktop');
  await member.page.setViewportSize({ width: 390, height: 844 });
  await fits(member.page);
  await expect(member.page.locator('.room-rec')).toBeInViewport({ ratio: 1 });
  await picture(member.page, 'recording-phone');

  // Two items, each with something to see.
  await expect(chair.page.getByTestId('quorum')).toHaveAttribute('data-reached', 'true');
  await chair.page.getByRole('button', { name: 'Открыть заседание' }).click();
  await chair.page.getByRole('button', { name: /Перейти к вопросу 1/ }).click();
  await morePictures(chair.page);
  await chair.page.getByRole('button', { name: /Перейти к вопросу 2/ }).click();
  await morePictures(chair.page);

  await panel.getByRole('button', { name: 'Остановить' }).click();
  await dialog.getByRole('button', { name: 'Остановить' }).click();
  await expect(member.page.getByText(/^Запись остановлена/)).toBeVisible();
  for (const { page } of [chair, member]) await expect(page.locator('.room-rec')).toHaveCount(0);
  await ask(chair.page, tenant, 'mutation($id: ID!) { closeSession(session: $id) { status } }', { id: session });

  // The minutes tell it.
  await chair.page.goto(address(path));
  const download = chair.page.waitForEvent('download');
  await chair.page.getByRole('link', { name: 'Скачать протокол' }).click();
  const minutes = execFileSync('pdftotext', ['-layout', await (await download).path(), '-'], { encoding: 'utf8' });
  const told = /В ходе заседания велась видеозапись: с (\d\d:\d\d) до (\d\d:\d\d)\./;
  expect(minutes.replace(/\s+/g, ' ')).toMatch(told);

  // The session's page leads to the film, which is made while one waits or does not.
  await chair.page.getByRole('link', { name: 'Записи заседания' }).click();
  const list = chair.page.getByTestId('recordings');
  await expect(list.getByRole('article')).toHaveAttribute('data-state', 'READY', { timeout: 120_000 });
  await accessible(chair.page);
  await list.getByRole('button', { name: 'Смотреть' }).click();
  const film = list.getByTestId('recording-film');
  const second = () => film.evaluate((video: HTMLVideoElement) => video.currentTime);
  await expect.poll(second).toBeGreaterThan(1);

  // An item of the agenda is found in it.
  const other = list.getByRole('button', { name: /Разное/ });
  await other.focus();
  await chair.page.keyboard.press('Enter');
  await expect(other).toHaveAttribute('aria-current', 'true');
  const begun = await second();
  await expect.poll(second).toBeGreaterThan(begun);
  await picture(chair.page, 'recordings-desktop');

  // Who was invited watches, and changes nothing.
  await member.page.goto(address(`${path}/recordings`));
  const seen = member.page.getByTestId('recordings');
  await expect(seen.getByRole('button', { name: 'Смотреть' })).toBeVisible();
  await expect(seen.getByRole('button', { name: 'Скачать' })).toBeVisible();
  await expect(seen.getByRole('button', { name: 'Удалить' })).toHaveCount(0);
  await expect(seen.getByRole('button', { name: 'Хранить до…' })).toHaveCount(0);
  await fits(member.page);
  await accessible(member.page);
  await picture(member.page, 'recordings-phone');

  // It is kept for as long as the chair says, and gone for everybody when it is removed.
  await list.getByRole('button', { name: 'Хранить до…' }).click();
  await dialog.getByLabel('Хранить до').fill('2020-01-31');
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(dialog).toContainText('Этот день уже прошёл.');
  const year = new Date().getFullYear() + 2;
  await dialog.getByLabel('Хранить до').fill(`${year}-01-31`);
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  for (const shown of [list, seen]) await expect(shown).toContainText(`хранится до 31.01.${year}`);
  await list.getByRole('button', { name: 'Удалить' }).click();
  await expect(dialog).toContainText('Вернуть запись нельзя.');
  await dialog.getByRole('button', { name: 'Удалить' }).click();
  for (const shown of [list, seen]) await expect(shown).toContainText('Запись удалена');

  for (const one of [admin, chair, member]) await one.context.close();
});

test('who was not invited does not learn that there are recordings', async ({ browser }) => {
  const admin = await person(browser);
  await signIn(admin.page, 'admin');
  const session = await callSession(admin.page, 'Комиссия по обучению');
  const other = await person(browser);
  await signIn(other.page, 'member2', `/t/${tenant}/sessions/${session}/recordings`);
  await expect(other.page.getByRole('heading', { name: 'Такой страницы нет' })).toBeVisible();
  for (const one of [admin, other]) await one.context.close();
});
