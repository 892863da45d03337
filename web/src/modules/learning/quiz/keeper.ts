import type { Draft } from './answer';

/** How keeping one answer ended. `lost`: no connection, to be tried again; the others are final. */
export type Kept = 'ok' | 'lost' | 'refused' | 'over';

/** What the page shows of keeping. */
export type KeeperState = 'saved' | 'saving' | 'waiting' | 'refused' | 'over';

const TYPING_PAUSE_MS = 700;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 15_000;

/**
 * Keeps answers on the server as they change: one request at a time, the latest answer of each
 * question, and after a loss of the connection again until it is back.
 */
export class Keeper {
  readonly #save: (question: string, draft: Draft) => Promise<Kept>;
  readonly #pending = new Map<string, Draft>();
  readonly #listeners = new Set<() => void>();
  #state: KeeperState = 'saved';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  #failures = 0;
  #stopped = false;

  constructor(save: (question: string, draft: Draft) => Promise<Kept>) {
    this.#save = save;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  state = (): KeeperState => this.#state;

  /** An answer has changed; `typing` waits for a pause first. */
  change(question: string, draft: Draft, typing: boolean): void {
    if (this.#stopped) return;
    // Last in line: what was changed first is kept first.
    this.#pending.delete(question);
    this.#pending.set(question, draft);
    if (this.#state !== 'waiting') this.#tell('saving');
    this.#schedule(typing ? TYPING_PAUSE_MS : 0);
  }

  /** Keeps everything now; true when nothing is left over. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    await this.#running;
    if (this.#pending.size > 0) await this.#run();
    return this.#pending.size === 0;
  }

  /** Keeps nothing more: the attempt is over. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#pending.clear();
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#run(), delay);
  }

  #run(): Promise<void> {
    this.#running ??= this.#work().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      const next = this.#pending.entries().next();
      if (next.done) break;
      const [question, draft] = next.value;
      if (this.#state !== 'waiting') this.#tell('saving');
      const kept = await this.#save(question, draft);
      if (this.#stopped) return;
      if (kept === 'lost') {
        this.#failures += 1;
        this.#tell('waiting');
        this.#schedule(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (this.#failures - 1)));
        return;
      }
      this.#failures = 0;
      // What was typed meanwhile is another answer: it stays in line.
      if (this.#pending.get(question) === draft) this.#pending.delete(question);
      if (kept === 'over') {
        this.stop();
        this.#tell('over');
        return;
      }
      if (kept === 'refused') {
        this.#tell('refused');
        if (this.#pending.size === 0) return;
      }
    }
    if (!this.#stopped && this.#pending.size === 0) this.#tell('saved');
  }

  #tell(state: KeeperState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
