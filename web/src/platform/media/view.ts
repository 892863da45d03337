/** How high the pictures are that the page shows, in pixels of the screen, by participant. */
export type Tiles = ReadonlyMap<string, number>;

type Shown = { participant: string; visible: boolean; height: number };

/** Tiles near the visible part are fetched, so that scrolling does not meet empty ones. */
const MARGIN = '160px';
/** Changes of so long are told at once: a window that is being resized would tell a hundred. */
const GATHER_MS = 150;
/** A page that is hidden for longer needs no pictures; a short look elsewhere costs nothing. */
const HIDDEN_MS = 5_000;

/** Watches the elements that show pictures, and tells what of them is seen. */
export class View {
  readonly #tell: (tiles: Tiles) => void;
  readonly #shown = new Map<Element, Shown>();
  readonly #sizes: ResizeObserver;
  readonly #crossings: IntersectionObserver;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hidden: ReturnType<typeof setTimeout> | undefined;
  #isHidden = false;

  constructor(tell: (tiles: Tiles) => void) {
    this.#tell = tell;
    this.#sizes = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries)
        this.#note(target, { height: contentRect.height });
    });
    this.#crossings = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          this.#note(target, { visible: isIntersecting });
        }
      },
      { rootMargin: MARGIN },
    );
    document.addEventListener('visibilitychange', this.#onVisibility);
  }

  /** This element shows the participant's picture, until the function that is returned is called. */
  watch(participant: string, element: Element): () => void {
    this.#shown.set(element, { participant, visible: false, height: 0 });
    this.#sizes.observe(element);
    this.#crossings.observe(element);
    return () => {
      this.#shown.delete(element);
      this.#sizes.unobserve(element);
      this.#crossings.unobserve(element);
      this.#soon();
    };
  }

  close(): void {
    this.#sizes.disconnect();
    this.#crossings.disconnect();
    document.removeEventListener('visibilitychange', this.#onVisibility);
    clearTimeout(this.#timer);
    clearTimeout(this.#hidden);
  }

  readonly #onVisibility = (): void => {
    clearTimeout(this.#hidden);
    if (document.hidden) {
      this.#hidden = setTimeout(() => this.#hide(true), HIDDEN_MS);
    } else {
      this.#hide(false);
    }
  };

  #hide(hidden: boolean): void {
    this.#isHidden = hidden;
    this.#soon();
  }

  #note(element: Element, change: Partial<Shown>): void {
    const shown = this.#shown.get(element);
    if (!shown) return;
    Object.assign(shown, change);
    this.#soon();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(this.#tiles()), GATHER_MS);
  }

  #tiles(): Tiles {
    return this.#isHidden ? new Map() : seen([...this.#shown.values()], window.devicePixelRatio);
  }
}

/** What is seen of the tiles, as high as the largest that shows the same participant. */
export function seen(shown: readonly Shown[], pixelRatio: number): Tiles {
  const tiles = new Map<string, number>();
  for (const { participant, visible, height } of shown) {
    const pixels = Math.round(height * pixelRatio);
    if (visible && pixels > (tiles.get(participant) ?? 0)) tiles.set(participant, pixels);
  }
  return tiles;
}
