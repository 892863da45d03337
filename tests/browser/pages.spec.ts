import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { PASSWORD, address, ask, fits, person, picture, signIn } from './app';

const register = join(dirname(fileURLToPath(import.meta.url)), '../data/register-2k.xlsx');
const axe = readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'node_modules/axe-core/axe.min.js'), 'utf8');

type Mailbox = {
  developmentMailbox: {
    nodes: { id: string; to: string; subject: string }[];
    pageInfo: { endCursor: string; hasNextPage: boolean };
  };
};
type Violation = { id: string; nodes: { target: string[] }[] };

/** WCAG 2.2 A and AA, as far as a program can tell. */
async function accessible(page: import('@playwright/test').Page): Promise<void> {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const run = (window as unknown as { axe: { run: (o: object) => Promise<{ violations: Violation[] }> } }).axe.run;
    return (await run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })).violations;
  });
  expect(found.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
}

test('a register is imported and then found', async ({ browser }) => {
  const { context, page } = await person(browser);
  await signIn(page, 'keeper');
  await page.goto(address('/t/register/members/import'));
  await page.locator('input[type=file]').setInputFiles(register);
  await expect(page.getByText('1 907').or(page.getByText('1907')).first()).toBeVisible();
  await picture(page, 'import-desktop');
  await page.getByRole('button', { name: /^Принять 1.907 человек/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Записать' }).click();
  await expect(page.getByText(/^Принято: 1.907 человек/)).toBeVisible();
  await page.goto(address('/t/register/members'));
  await expect(page.getByText(/1\s?907/).first()).toBeVisible();
  await picture(page, 'register-desktop');
  await context.close();

  const phone = await person(browser, true);
  await signIn(phone.page, 'keeper', '/t/register/members');
  await expect(phone.page.getByText(/1\s?907/).first()).toBeVisible();
  await fits(phone.page);
  await picture(phone.page, 'register-phone');
  await phone.context.close();
});

test('the main pages are accessible and fit a phone', async ({ browser }) => {
  for (const phone of [false, true]) {
    const suffix = phone ? 'phone' : 'desktop';
    const { context, page } = await person(browser, phone);
    await page.goto(address('/sign-in'));
    await expect(page.getByLabel('Электронная почта')).toBeVisible();
    await picture(page, `sign-in-${suffix}`);
    await accessible(page);
    await fits(page);
    await signIn(page, 'secretary');
    for (const [name, path] of [
      ['home', '/t/federation/'],
      ['bodies', '/t/federation/bodies'],
      ['sessions', '/t/federation/sessions'],
      ['mailbox', '/mailbox'],
    ]) {
      await page.goto(address(path));
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await picture(page, `${name}-${suffix}`);
      await accessible(page);
      await fits(page);
    }
    await context.close();
  }
});

test('a forgotten password is set anew by mail', async ({ browser }) => {
  const { context, page } = await person(browser);
  await page.goto(address('/reset-password'));
  await page.getByLabel('Электронная почта').fill('deputy@plenum.example');
  await page.getByRole('button', { name: 'Отправить ссылку' }).click();
  await page.goto(address('/mailbox'));
  const letter = page.getByText('Новый пароль для входа').first();
  await expect(async () => {
    await page.reload();
    await expect(letter).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await letter.click();
  const frame = page.frameLocator('iframe');
  const href = await frame.getByRole('link', { name: 'Задать пароль' }).getAttribute('href');
  await page.goto(href ?? '');
  const password = 'a new long password';
  await page.getByRole('textbox', { name: 'Новый пароль' }).fill(password);
  await page.getByRole('button', { name: 'Сохранить пароль' }).click();
  await expect(page.getByText('Пароль изменён')).toBeVisible();
  await page.goto(address('/sign-in'));
  await page.getByLabel('Электронная почта').fill('deputy@plenum.example');
  await page.getByRole('textbox', { name: 'Пароль' }).fill(password);
  await page.getByRole('button', { name: 'Войти', exact: true }).click();
  await expect(page).toHaveURL(/\/t\//);
  await context.close();
});

test('the personal link of a notice leads to the session', async ({ browser }) => {
  const { context, page } = await person(browser);
  // The mailbox shows the newest letters; the notice may be further down by now.
  const list = `query($after: String) { developmentMailbox(first: 100, after: $after) {
    nodes { id to subject } pageInfo { endCursor hasNextPage } } }`;
  let notice: string | undefined;
  let after: string | null = null;
  do {
    const answer: Mailbox = await ask<Mailbox>(page, 'federation', list, { after });
    const { nodes, pageInfo } = answer.developmentMailbox;
    notice = nodes.find(({ to, subject }) => to.includes('Орлова') && subject.includes('аседани'))?.id;
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (!notice && after);
  await page.goto(address(`/mailbox?letter=${notice}`));
  const link = page.frameLocator('iframe').getByRole('link', { name: 'Открыть заседание' });
  const href = (await link.getAttribute('href')) ?? '';
  await page.goto(href);
  await page.getByLabel('Электронная почта').fill('chair@plenum.example');
  await page.getByRole('textbox', { name: 'Пароль' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Войти', exact: true }).click();
  await expect(page).toHaveURL(/\/t\/federation\/sessions\/Session_/);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('заседание');
  await context.close();
});
