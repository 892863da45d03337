import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const brand: MantineColorsTuple = [
  '#eef4fb',
  '#dbe7f5',
  '#b9d0ea',
  '#92b6df',
  '#739fd3',
  '#5788c6',
  '#4175b6',
  '#2d629f',
  '#1d4a7d',
  '#143a66',
];

const gray: MantineColorsTuple = [
  '#f5f7fa',
  '#edf0f4',
  '#e1e6ec',
  '#ccd4dd',
  '#aeb8c4',
  '#8592a1',
  '#586473',
  '#44505d',
  '#303a45',
  '#1d252e',
];

const dark: MantineColorsTuple = [
  '#dbe1e8',
  '#b9c2cd',
  '#97a3b1',
  '#6d7988',
  '#444f5c',
  '#343e4a',
  '#28313b',
  '#1c232c',
  '#151b22',
  '#0f141a',
];

/**
 * The look of the product. Shade 8 carries white text with more than 7:1 in both schemes;
 * lighter primaries failed the contrast audit.
 */
export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: 8,
  autoContrast: true,
  colors: { brand, gray, dark },
  fontFamily:
    "'Golos Text Variable', 'Golos Text', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontSizes: { xs: '0.8125rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.5' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.625rem', lineHeight: '1.25' },
      h2: { fontSize: '1.25rem', lineHeight: '1.3' },
      h3: { fontSize: '1.0625rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '18px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  // Named, not imported: an import here would put every such component into the first load.
  components: {
    Modal: {
      defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45 } },
      styles: { title: { fontWeight: 600, fontSize: '1.125rem' } },
    },
    TextInput: { defaultProps: { autoComplete: 'off' } },
  },
});

/** Colors that Mantine's defaults leave below 4.5:1, and the canvas behind cards. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': gray[6],
    '--mantine-color-placeholder': gray[6],
    '--mantine-color-text': gray[9],
    '--mantine-color-anchor': brand[8],
    '--mantine-color-default-border': gray[3],
    '--mantine-color-error': '#b42318',
    '--mantine-color-disabled-color': gray[6],
    '--plenum-canvas': gray[0],
    '--plenum-line': gray[2],
    '--plenum-tint': brand[0],
    '--plenum-tint-text': brand[9],
    '--plenum-good': '#1a6b3c',
    '--plenum-good-soft': '#e3f4e9',
    '--plenum-bad': '#b42318',
    '--plenum-bad-soft': '#fdebe9',
    '--plenum-warn': '#7a4a00',
    '--plenum-warn-soft': '#fdf1d8',
    '--plenum-neutral-soft': gray[1],
  },
  dark: {
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-placeholder': dark[2],
    '--mantine-color-text': dark[0],
    '--mantine-color-anchor': brand[3],
    '--mantine-color-error': '#ff9b90',
    '--mantine-color-disabled-color': dark[2],
    '--plenum-canvas': dark[8],
    '--plenum-line': dark[5],
    '--plenum-tint': '#1c3350',
    '--plenum-tint-text': brand[1],
    '--plenum-good': '#7ed9a0',
    '--plenum-good-soft': '#16341f',
    '--plenum-bad': '#ff9b90',
    '--plenum-bad-soft': '#43201d',
    '--plenum-warn': '#f3c56b',
    '--plenum-warn-soft': '#3b2d10',
    '--plenum-neutral-soft': dark[6],
  },
});
