import { execFileSync } from 'node:child_process';
import { type Page, expect, test } from '@playwright/test';
import { address, ask, fits, person, picture, received, signIn } from './app';
import { callSession, enter, tenant } from './presidium';

test('an elected body meets by video, votes by name and gets its minutes', async ({ browser }) => {
  const admin = await person(browser);
  await signIn(admin.page, 'admin');
  const session = await callSession(admin.page);
  const path = `/t/${tenant}/sessions/${session}`;

  // Both sign in and join.
  const chair = await person(browser);
  const member = await person(browser);
  await signIn(chair.page, 'chair', path);
  await signIn(member.page, 'member1', path);
  const quorum = chair.page.getByTestId('quorum');
  await expect(quorum).toHaveAttribute('data-reached', 'false');
  await picture(chair.page, 'session-desktop');

  await chair.page.getByRole('link', { name: 'Войти в заседание' }).click();
  await expect(chair.page.getByRole('button', { name: 'Войти в комнату' })).toBeEnabled();
  const width = () => chair.page.evaluate(() => document.querySelector('video')?.videoWidth ?? 0);
  await expect.poll(width).toBeGreaterThan(0);
  await picture(chair.page, 'device-check-desktop');
  await enter(chair.page);
  await expect(chair.page.getByTestId('quorum')).toContainText('Присутствуют 1 из 3');
  await member.page.goto(address(`${path}/room`));
  await enter(member.page);

  // Each decodes the other's video and hears the other's sound.
  for (const { page } of [chair, member]) {
    await expect.poll(async () => (await received(page)).frames, { timeout: 60_000 }).toBeGreaterThan(100);
    await expect.poll(async () => (await received(page)).energy, { timeout: 60_000 }).toBeGreaterThan(0);
  }

  // Who has little data only listens.
  const chairs = member.page.locator('[data-testid="tile"][data-self="false"]');
  await expect(chairs).toHaveAttribute('data-video', 'true');
  await member.page.getByRole('button', { name: /^Только звук/ }).click();
  await expect(chairs).toHaveAttribute('data-video', 'false');
  await member.page.getByRole('button', { name: 'Показывать видео участников' }).click();
  await expect(chairs).toHaveAttribute('data-video', 'true');

  // The quorum is live: it comes with the second, goes when he leaves, comes back when he returns.
  const live = chair.page.getByTestId('quorum');
  await expect(live).toHaveAttribute('data-reached', 'true');
  await expect(live).toContainText('Присутствуют 2 из 3');
  await member.page.getByRole('button', { name: 'Выйти', exact: true }).click();
  await member.page.getByRole('dialog').getByRole('button', { name: 'Выйти', exact: true }).click();
  await expect(live).toHaveAttribute('data-reached', 'false');
  await expect(live).toContainText('Присутствуют 1 из 3');
  await member.page.getByRole('button', { name: 'Войти снова' }).click();
  await enter(member.page);
  await expect(live).toHaveAttribute('data-reached', 'true');

  // The chair opens the session, takes the first item and puts the motion to a vote.
  await chair.page.getByRole('button', { name: 'Открыть заседание' }).click();
  await chair.page.getByRole('button', { name: /Перейти к вопросу 1/ }).click();
  await chair.page.getByLabel('Вопрос на голосование').fill('Провести информационный день 15 декабря');
  await picture(chair.page, 'room-desktop');
  await chair.page.getByRole('button', { name: 'Поставить на голосование' }).click();

  // Both vote; the member corrects his vote, loses the connection, and still has one vote.
  for (const { page } of [chair, member]) {
    await expect(page.getByTestId('vote-panel')).toContainText('Открытое, поимённое');
  }
  await chair.page.getByTestId('vote-panel').getByRole('button', { name: 'За', exact: true }).click();
  await expect(chair.page.getByTestId('vote-panel')).toContainText('Ваш голос учтён: За');
  await member.page.getByTestId('vote-panel').getByRole('button', { name: 'Против', exact: true }).click();
  await expect(member.page.getByTestId('vote-panel')).toContainText('Ваш голос учтён: Против');
  await picture(member.page, 'vote-desktop');
  await member.page.setViewportSize({ width: 390, height: 844 });
  await expect(member.page.getByTestId('vote-panel')).toBeVisible();
  await fits(member.page);
  await picture(member.page, 'vote-phone');
  await member.page.reload();
  await picture(member.page, 'device-check-phone');
  await enter(member.page);
  await fits(member.page);
  await expect(member.page.getByTestId('vote-panel')).toContainText('Ваш голос учтён: Против');
  await member.page.getByTestId('vote-panel').getByRole('button', { name: 'За', exact: true }).click();
  await expect(chair.page.getByTestId('vote-panel')).toContainText('Проголосовали 2 из 2');

  await chair.page.getByRole('button', { name: 'Закрыть голосование' }).click();
  await chair.page.getByRole('dialog').getByRole('button', { name: 'Закрыть голосование' }).click();
  for (const { page } of [chair, member]) {
    const result = page.getByTestId('vote-result').first();
    await expect(result).toContainText('Решение принято');
    await expect(result).toContainText('Агафонов Игорь Петрович');
  }
  await chair.page.getByLabel('Решение по вопросу').fill('Провести информационный день 15 декабря.');
  await chair.page.getByRole('button', { name: 'Записать решение' }).click();
  await expect(chair.page.getByText('Решение записано.')).toBeVisible();
  await chair.page.getByRole('button', { name: 'Закрыть заседание' }).click();
  await chair.page.getByRole('dialog').getByRole('button', { name: 'Закрыть заседание' }).click();
  await expect(member.page.getByText('Заседание закрыто').first()).toBeVisible();

  // The minutes are listed on the session's page and hold the names, the quorum and the result.
  await member.page.goto(address(path));
  const download = member.page.waitForEvent('download');
  await member.page.getByRole('link', { name: 'Скачать протокол' }).click();
  const file = await (await download).path();
  await picture(member.page, 'minutes-desktop');
  const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replace(/\s+/g, ' ');
  for (const words of [
    'Орлова Марина Викторовна',
    'Агафонов Игорь Петрович',
    'Климова Елена Сергеевна',
    'Президиум Федерации',
    'Избрано членов: 3, присутствуют: 2.',
    'кворум имеется',
    'за — 2, против — 0, воздержались — 0',
    'Решение принято',
    'Провести информационный день 15 декабря',
  ]) {
    expect(text, words).toContain(words);
  }

  // The same page on a phone.
  const phone = await person(browser, true);
  await signIn(phone.page, 'member1', path);
  await expect(phone.page.getByRole('link', { name: 'Скачать протокол' })).toBeVisible();
  await fits(phone.page);
  await picture(phone.page, 'minutes-phone');

  for (const one of [admin, chair, member, phone]) await one.context.close();
});

test('who is not on the roll is not let in', async ({ browser }) => {
  const admin = await person(browser);
  await signIn(admin.page, 'admin');
  const list = await ask<{ sessions: { nodes: { id: string }[] } }>(
    admin.page,
    tenant,
    '{ sessions(state: [SCHEDULED]) { nodes { id } } }',
  );
  const id = list.sessions.nodes[0]?.id;
  const answer = await admin.page.request.post(address('/graphql'), {
    headers: { 'x-plenum-tenant': tenant, accept: 'application/graphql-response+json' },
    data: { query: 'mutation($id: ID!) { joinSession(session: $id) { token } }', variables: { id } },
  });
  expect(answer.status()).toBe(403);
  await admin.context.close();
});
