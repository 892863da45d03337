// Checks the weight of the built app, gzip, from Vite's manifest: the first load, and what each
// page adds to it. Run after `npm run build`.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const KIB = 1024;
const FIRST_LOAD_MAX = 150 * KIB;
const PAGE_MAX = 60 * KIB;
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

/** Every script that must be there before the chunk `key` can run. */
function closure(key, found = new Set()) {
  const chunk = manifest[key];
  if (chunk === undefined || found.has(chunk.file)) return found;
  if (chunk.file.endsWith('.js')) found.add(chunk.file);
  for (const imported of chunk.imports ?? []) closure(imported, found);
  return found;
}

const weights = new Map();
function weight(files) {
  let sum = 0;
  for (const file of files) {
    if (!weights.has(file)) {
      weights.set(file, gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length);
    }
    sum += weights.get(file);
  }
  return sum;
}

const chunks = Object.entries(manifest);
const entry = chunks.find(([, chunk]) => chunk.isEntry)?.[0];
if (entry === undefined) throw new Error('the manifest names no entry');
const first = closure(entry);
const pages = chunks.filter(([, chunk]) => chunk.isDynamicEntry).map(([key]) => key);
const shellKey = pages.find((key) => key.endsWith('routes/framed.tsx'));
const signInKey = pages.find((key) => key.endsWith('entry/sign-in-page.tsx'));
if (shellKey === undefined || signInKey === undefined) throw new Error('a known page is missing');
const shell = new Set([...first, ...closure(shellKey)]);
const rows = [
  ['sign-in (first load)', weight(new Set([...first, ...closure(signInKey)])), FIRST_LOAD_MAX],
  ['shell (first load)', weight(shell), FIRST_LOAD_MAX],
];
for (const key of pages) {
  if (key === shellKey || key === signInKey) continue;
  const added = [...closure(key)].filter((file) => !shell.has(file));
  rows.push([`+ ${key.replace(/^src\//, '')}`, weight(added), PAGE_MAX]);
}

let tooHeavy = false;
for (const [name, bytes, max] of rows) {
  const over = bytes > max;
  tooHeavy ||= over;
  const figure = (bytes / KIB).toFixed(1).padStart(7);
  process.stdout.write(`${figure} of ${max / KIB} KiB  ${name}${over ? '  TOO HEAVY' : ''}\n`);
}
process.exit(tooHeavy ? 1 : 0);
