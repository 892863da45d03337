import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, type Page, type Request, expect } from '@playwright/test';

export const PASSWORD = 'plenum-demo-2026';
const screenshots = join(dirname(fileURLToPath(import.meta.url)), '../../docs/screenshots');

export function address(path: string): string {
  const base = process.env.BASE_URL;
  if (!base) throw new Error('the server was not started');
  return `${base}${path}`;
}

/** A browser of its own: cookies, devices, and a memory of its peer connections for getStats. */
export async function person(browser: Browser, phone = false): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    permissions: ['camera', 'microphone'],
    acceptDownloads: true,
    ...(phone ? { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } : {}),
  });
  await context.addInitScript(() => {
    const peers: RTCPeerConnection[] = [];
    Object.defineProperty(window, 'testPeers', { value: peers });
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        peers.push(this);
      }
    };
  });
  return { context, page: await context.newPage() };
}

/** Signs a demonstration account in by the form. */
export async function signIn(page: Page, account: string, path = '/'): Promise<void> {
  await page.goto(address('/sign-in'));
  await fillIn(page, `${account}@plenum.example`, PASSWORD);
  await expect(page).toHaveURL(/\/t\//);
  if (path !== '/') await page.goto(address(path));
}

/** Fills the form of the sign-in page in and sends it. */
export async function fillIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('Электронная почта').fill(email);
  await page.getByRole('textbox', { name: 'Пароль' }).fill(password);
  await page.getByRole('button', { name: 'Войти', exact: true }).click();
}

/** What a page receives over all its peer connections. */
export function received(page: Page): Promise<{ frames: number; energy: number }> {
  return page.evaluate(async () => {
    const peers = (window as unknown as { testPeers: RTCPeerConnection[] }).testPeers;
    const sum = { frames: 0, energy: 0 };
    for (const peer of peers) {
      if (peer.connectionState === 'closed') continue;
      const stats = await peer.getStats();
      for (const one of stats.values()) {
        if (one.type !== 'inbound-rtp') continue;
        if (one.kind === 'video') sum.frames += one.framesDecoded ?? 0;
        if (one.kind === 'audio') sum.energy += one.totalAudioEnergy ?? 0;
      }
    }
    return sum;
  });
}

/** Whether a page asks for the operation of this name: what it sends is an id from the list of the build. */
export function asksFor(request: Request, name: string): boolean {
  const list = join(dirname(fileURLToPath(import.meta.url)), '../../web/dist/.vite/operations.json');
  const known: Record<string, string> = JSON.parse(readFileSync(list, 'utf8'));
  const text = known[request.postDataJSON()?.documentId] ?? '';
  return new RegExp(`^(query|mutation|subscription) ${name}\\b`).test(text);
}

/** Operations without a page, for what a test only needs to be there. */
export async function ask<T>(page: Page, tenant: string, query: string, variables: object = {}): Promise<T> {
  const answer = await page.request.post(address('/graphql'), {
    headers: { 'x-plenum-tenant': tenant },
    data: { query, variables },
  });
  const body = (await answer.json()) as { data: T; errors?: unknown[] };
  expect(body.errors, JSON.stringify(body.errors)).toBeUndefined();
  return body.data;
}

/** Keeps a picture for the README and the guide. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  // Chromium's viewer of PDF files may leave its request open for good: then the picture is of what has come.
  await page.waitForLoadState('networkidle', { timeout: 5_000 }).catch(() => undefined);
  // Messages that pass by themselves would hide what the picture is for.
  const style = '.toasts { visibility: hidden }';
  await page.screenshot({ path: join(screenshots, `${name}.png`), animations: 'disabled', style });
}

/** No page may scroll sideways, least of all on a phone. */
export async function fits(page: Page): Promise<void> {
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content, 'the page is wider than the screen').toBeLessThanOrEqual(window);
}
