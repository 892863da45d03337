import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Page, expect, test } from '@playwright/test';
import { address, ask, fits, person, picture, signIn } from './app';

const axe = readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'node_modules/axe-core/axe.min.js'), 'utf8');

type Violation = { id: string; nodes: { target: string[] }[] };

/** WCAG 2.2 A and AA, as far as a program can tell. */
async function accessible(page: Page): Promise<void> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const run = (window as unknown as { axe: { run: (o: object) => Promise<{ violations: Violation[] }> } }).axe.run;
    return (await run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })).violations;
  });
  expect(found.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
}

async function looks(page: Page, path: string, name: string): Promise<void> {
  await page.goto(address(path));
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.waitForLoadState('networkidle');
  await picture(page, name);
  await accessible(page);
  await fits(page);
}

for (const phone of [false, true]) {
  const suffix = phone ? 'phone' : 'desktop';

  test(`records and dues are accessible and fit (${suffix})`, async ({ browser }) => {
    const { context, page } = await person(browser, phone);
    await signIn(page, 'admin');
    const { members } = await ask<{ members: { nodes: { id: string }[] } }>(
      page,
      'education',
      '{ members(first: 1, search: "Орлова") { nodes { id } } }',
    );
    const member = members.nodes[0]?.id;
    for (const [name, path] of [
      ['members', '/t/education/members'],
      ['member', `/t/education/members/${member}`],
      ['member-new', '/t/education/members/new'],
      ['corrections', '/t/education/members/corrections'],
      ['transfers', '/t/education/members/transfers'],
      ['dues', '/t/education/dues'],
      ['debtors', '/t/education/dues/debtors'],
      ['dues-charge', '/t/education/dues/charge'],
      ['dues-bank', '/t/education/dues/bank'],
      ['dues-member', `/t/education/dues/members/${member}`],
    ]) {
      await looks(page, path, `${name}-${suffix}`);
    }
    await context.close();
  });

  test(`a member sees their own page, card and dues (${suffix})`, async ({ browser }) => {
    const { context, page } = await person(browser, phone);
    await signIn(page, 'member2');
    await looks(page, '/t/education/me', `portal-${suffix}`);
    await looks(page, '/t/education/me/dues', `my-dues-${suffix}`);
    await looks(page, '/t/education/me/card', `my-card-${suffix}`);
    const { myCard } = await ask<{ myCard: { verifyUrl: string; fullName: string } }>(
      page,
      'education',
      '{ myCard { verifyUrl fullName } }',
    );
    await context.close();

    // Whoever reads the QR code has no account.
    const stranger = await person(browser, phone);
    await stranger.page.goto(address(new URL(myCard.verifyUrl).pathname));
    await expect(stranger.page.getByText('Билет действителен')).toBeVisible();
    await expect(stranger.page.getByText(myCard.fullName)).toBeVisible();
    await accessible(stranger.page);
    await fits(stranger.page);
    await picture(stranger.page, `verify-card-${suffix}`);
    await stranger.page.goto(address('/verify/card/nonsense'));
    await expect(stranger.page.getByText('Билет не подтверждён')).toBeVisible();
    await stranger.context.close();
  });
}

test('a treasurer records a payment and takes it back', async ({ browser }) => {
  const { context, page } = await person(browser);
  await signIn(page, 'treasurer');
  const { members } = await ask<{ members: { nodes: { id: string }[] } }>(
    page,
    'education',
    '{ members(first: 1, search: "Агафонов") { nodes { id } } }',
  );
  await page.goto(address(`/t/education/dues/members/${members.nodes[0]?.id}`));
  await page.getByRole('button', { name: 'Записать платёж' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Сумма, ₽').fill('123,45');
  await dialog.getByRole('button', { name: 'Записать', exact: true }).click();
  const entry = page.getByRole('listitem').filter({ hasText: '123,45' });
  await expect(entry).toHaveCount(1);
  await entry.getByRole('button', { name: 'Отменить запись' }).click();
  await dialog.getByLabel('Причина').fill('Не тот человек');
  await dialog.getByRole('button', { name: 'Отменить запись' }).click();
  await expect(page.getByText('Отмена платежа')).toBeVisible();
  await expect(entry).toHaveCount(2);
  await context.close();
});
