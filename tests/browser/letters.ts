import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Page, expect } from '@playwright/test';
import PostalMime, { type Email } from 'postal-mime';
import { freePort } from './server';

const PROGRAMS = ['/usr/sbin/smtp-sink', '/usr/libexec/postfix/smtp-sink'];

/** A letter, and to whom the mail server was told to bring it. */
export type Letter = Email & { recipient: string };

/** A real mail server, Debian's `smtp-sink`: it takes every letter and keeps each as a file. */
export class MailServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  static async start(): Promise<MailServer> {
    const program = PROGRAMS.find((path) => existsSync(path));
    if (!program) throw new Error('smtp-sink is missing: `make test SUITE=browser` installs the package postfix');
    const folder = mkdtempSync(join(tmpdir(), 'plenum-letters-'));
    const port = await freePort();
    // As root it has to be told that it may stay so.
    const user = process.getuid?.() === 0 ? ['-u', 'root'] : [];
    const child = spawn(program, [...user, '-d', join(folder, 'letter.'), `127.0.0.1:${port}`, '100'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await expect.poll(() => listens(port), { message: 'smtp-sink listens' }).toBe(true);
    return new MailServer(child, folder, `smtp://127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** All letters to an address whose subject has these words. */
  async letters(to: string, subject: string): Promise<Letter[]> {
    const all = await Promise.all(readdirSync(this.folder).map((name) => this.read(name)));
    return all.filter((one) => one.recipient === to && (one.subject ?? '').includes(subject));
  }

  /** The one letter to an address with these words in its subject, when it has come. */
  async letter(to: string, subject: string): Promise<Letter> {
    const whole = async () => (await this.letters(to, subject)).filter((one) => one.html?.includes('</html>'));
    await expect.poll(async () => (await whole()).length, { message: `«${subject}» to ${to}` }).toBe(1);
    return (await whole())[0] as Letter;
  }

  private async read(name: string): Promise<Letter> {
    const bytes = readFileSync(join(this.folder, name));
    const [, recipient = ''] = /^X-Rcpt-Args: <([^>]*)>/m.exec(bytes.toString('latin1')) ?? [];
    return { ...(await PostalMime.parse(bytes)), recipient };
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.end('QUIT\r\n'));
  });
}

/** Shows a letter as a mail program does, and tells where one of its links leads. */
export async function linkOf(page: Page, letter: Letter, label: string): Promise<string> {
  await page.setContent(letter.html ?? '');
  const href = await page.getByRole('link', { name: label }).getAttribute('href');
  expect(href, `the link «${label}» of «${letter.subject}»`).toBeTruthy();
  return href ?? '';
}
