import type { Accent } from './documents';

/** How high a logo stands in the head of a page, and how wide at most, pixels. */
const HEIGHT = 30;
const WIDEST = 160;

/** A picture with its own measures. */
export type Picture = { path: string; width: number; height: number };

/** What an organization shows of itself: its colour and its picture. */
export type Brand = { accent: Accent | null; picture: Picture | null };

/** Variables of the design system that follow from a colour, and the picture in the place of the product's mark. */
export function rules(brand: Brand): string {
  const { accent, picture } = brand;
  return `${accent ? colours(accent) : ''}${picture ? mark(picture) : ''}`;
}

function colours({ steps, darkTint }: Accent): string {
  const [zero, one, , onDark, , , , , onLight, darkest] = steps;
  const shades = steps.map((shade, step) => `--mantine-color-brand-${step}:${shade};`).join('');
  // Said twice: the design system's own rules come later in the page.
  const scheme = (name: string) => `:root:root[data-mantine-color-scheme="${name}"]`;
  return `${scheme('light')}{${shades}--mantine-color-anchor:${onLight};--plenum-tint:${zero};--plenum-tint-text:${darkest};--mantine-color-brand-outline-hover:${onLight}0d}
${scheme('dark')}{${shades}--mantine-color-anchor:${onDark};--plenum-tint:${darkTint};--plenum-tint-text:${one};--mantine-color-brand-light:${darkened(darkest, 0.5)};--mantine-color-brand-light-hover:${darkened(darkest, 0.3)};--mantine-color-brand-outline-hover:${onDark}0d}
`;
}

/** As the design system darkens: each channel loses its share. */
export function darkened(colour = '#000000', share = 0): string {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const hex = (value: number) =>
    Math.round(value * (1 - share))
      .toString(16)
      .padStart(2, '0');
  return `#${channels.map(hex).join('')}`;
}

function mark({ path, width, height }: Picture): string {
  const shown = Math.min(WIDEST, Math.round((width / height) * HEIGHT));
  // The name of the product stays for those who hear the page.
  return `.shell-logo>svg,.shell-head .shell-logo>span{display:none}
.shell-logo::before{content:"";flex:none;width:${shown}px;height:${HEIGHT}px;background:url("${path}") left center/contain no-repeat}
`;
}
