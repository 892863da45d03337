import { expect, test } from '@playwright/test';
import { address, ask, fits, person, picture, received, signIn } from './app';

const tenant = 'federation';

type Sessions = { sessions: { nodes: { id: string }[] } };

test('a session is shown to everybody who has the link, and to nobody when it is stopped', async ({ browser }) => {
  const chair = await person(browser);
  await signIn(chair.page, 'chair');
  const list = await ask<Sessions>(chair.page, tenant, '{ sessions(state: [SCHEDULED]) { nodes { id } } }');
  const session = list.sessions.nodes[0]?.id;
  await chair.page.goto(address(`/t/${tenant}/sessions/${session}/room`));
  await chair.page.getByRole('button', { name: 'Войти в комнату' }).click();
  await expect(chair.page.getByTestId('room')).toHaveAttribute('data-state', 'connected');
  const member = await person(browser);
  await signIn(member.page, 'member1', `/t/${tenant}/sessions/${session}/room`);
  await member.page.getByRole('button', { name: 'Войти в комнату' }).click();
  await expect(member.page.getByTestId('room')).toHaveAttribute('data-state', 'connected');
  // Who may not broadcast has no switch of it.
  await expect(member.page.getByTestId('broadcast')).toHaveCount(0);

  const panel = chair.page.getByTestId('broadcast');
  await panel.getByRole('button', { name: 'Начать трансляцию' }).click();
  await chair.page.getByRole('dialog').getByRole('button', { name: 'Начать трансляцию' }).click();
  for (const { page } of [chair, member]) {
    await expect(page.locator('.room-air')).toHaveText('Идёт трансляция');
  }
  const link = await panel.getByLabel('Ссылка для зрителей').inputValue();
  await picture(chair.page, 'broadcast-desktop');

  // Somebody who is not signed in sees and hears; nobody in the room sees them.
  const viewer = await person(browser);
  await viewer.page.goto(link);
  await expect(viewer.page.locator('.watch-stage')).toHaveAttribute('data-player', 'playing');
  await expect.poll(async () => (await received(viewer.page)).frames, { timeout: 60_000 }).toBeGreaterThan(30);
  await expect.poll(async () => (await received(viewer.page)).energy, { timeout: 60_000 }).toBeGreaterThan(0);
  await expect(viewer.page.getByText('Пока никого не видно')).toHaveCount(0);
  await expect(chair.page.getByTestId('tile')).toHaveCount(2);
  await picture(viewer.page, 'watch-desktop');
  await viewer.page.setViewportSize({ width: 390, height: 844 });
  await fits(viewer.page);
  await picture(viewer.page, 'watch-phone');

  // A camera of the hall: its key is shown once.
  await panel.getByRole('button', { name: 'Подключить камеру' }).click();
  const dialog = chair.page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Подключить камеру' }).click();
  await expect(dialog.getByLabel('Адрес (WHIP)')).toHaveValue(address('/sfu/whip'));
  expect(await dialog.getByLabel('Ключ (Bearer token)').inputValue()).toMatch(/^[\w-]+\.[\w-]+$/);
  await picture(chair.page, 'encoder-desktop');
  await dialog.getByRole('button', { name: 'Готово' }).last().click();
  await panel.getByRole('button', { name: 'Отключить камеру' }).click();
  await expect(panel.getByRole('button', { name: 'Подключить камеру' })).toBeVisible();

  await panel.getByRole('button', { name: 'Остановить' }).click();
  await chair.page.getByRole('dialog').getByRole('button', { name: 'Остановить' }).click();
  await expect(viewer.page.getByText('Трансляция пока не идёт')).toBeVisible({ timeout: 30_000 });
  await expect(member.page.locator('.room-air')).toHaveCount(0);
  await picture(viewer.page, 'watch-off-phone');

  await viewer.page.goto(link.replace(/[0-9a-f]{8}$/, '00000000'));
  await expect(viewer.page.getByText('Такой трансляции нет')).toBeVisible();
  for (const one of [chair, member, viewer]) await one.context.close();
});
