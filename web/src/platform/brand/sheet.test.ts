import { expect, test } from 'vitest';
import { darkened, rules } from './sheet';

const steps = Array.from({ length: 10 }, (_, step) => `#00000${step}`);
const accent = { steps, darkTint: '#0000aa' };

test('nothing_set_changes_nothing', () => {
  expect(rules({ accent: null, picture: null })).toBe('');
});

test('each_scheme_gets_the_shades_that_can_be_read_in_it', () => {
  const text = rules({ accent, picture: null });
  const [light = '', dark = ''] = text.trim().split('\n');
  expect(light).toContain('[data-mantine-color-scheme="light"]');
  expect(light).toContain('--mantine-color-anchor:#000008;');
  expect(light).toContain('--plenum-tint-text:#000009;');
  expect(dark).toContain('[data-mantine-color-scheme="dark"]');
  expect(dark).toContain('--mantine-color-anchor:#000003;');
  expect(dark).toContain('--plenum-tint:#0000aa;');
  expect(text).not.toContain('undefined');
});

test.each([
  [{ width: 60, height: 60 }, 30],
  [{ width: 512, height: 128 }, 120],
  [{ width: 512, height: 10 }, 160],
])('a_picture_of_%o_stands_%d_pixels_wide', (measures, width) => {
  const text = rules({ accent: null, picture: { path: '/logos/alpha/ab', ...measures } });
  expect(text).toContain(`width:${width}px;height:30px;background:url("/logos/alpha/ab")`);
});

test('colours_darken_as_in_the_design_system', () => {
  expect(darkened('#143a66', 0.5)).toBe('#0a1d33');
  expect(darkened('#ffffff', 0.3)).toBe('#b3b3b3');
});
