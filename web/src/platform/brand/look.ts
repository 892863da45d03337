import { clientFor } from '#platform/client';
import { type Language, language, offerLanguages, setLanguage } from '#platform/languages';
import { type Accent, type Look, LookQuery, MarkQuery } from './documents';
import { type Picture, rules } from './sheet';

// A sheet of its own, made by the script: the policy of content needs to allow nothing for it.
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);

/** What stands in the sheet: answers that come late change nothing any more. */
let shown = '';

async function show(accent: Accent | null, logo: string | null): Promise<void> {
  const key = JSON.stringify([accent, logo]);
  if (key === shown) return;
  shown = key;
  sheet.replaceSync(rules({ accent, picture: null }));
  const picture = logo && (await measured(logo));
  if (picture && key === shown) sheet.replaceSync(rules({ accent, picture }));
}

async function measured(path: string): Promise<Picture | null> {
  const image = new Image();
  image.src = path;
  try {
    await image.decode();
  } catch {
    return null;
  }
  return { path, width: image.naturalWidth, height: image.naturalHeight };
}

const CODES = { RU: 'ru', EN: 'en' } as const satisfies Record<string, Language>;

const known = new Map<string, Look>();
const chosen = new Map<string, boolean>();

/** What is known of an organization's look. */
export function lookOf(slug: string): Look | undefined {
  return known.get(slug);
}

/** Keeps a look that was pushed. */
export function keepLook(slug: string, look: Look): void {
  known.set(slug, look);
}

/** Shows an organization's colour and picture, and speaks its languages. */
export function wear(slug: string): void {
  const look = known.get(slug);
  if (!look) return;
  void show(look.accent, look.logo);
  const offered = look.languages.map((one) => CODES[one]);
  offerLanguages(offered);
  if (!chosen.get(slug) || !offered.includes(language())) setLanguage(CODES[look.language]);
}

/** Shows the product's own again. */
export function undress(): void {
  void show(null, null);
  offerLanguages(['ru', 'en']);
}

/** Asks the server how an organization looks, and shows it. Without an answer the product's own look stays. */
export async function loadLook(slug: string): Promise<void> {
  const { data } = await clientFor(slug)
    .query(LookQuery, {}, { requestPolicy: 'network-only' })
    .toPromise();
  if (!data) return;
  known.set(slug, data.tenantLook);
  chosen.set(slug, data.viewer?.account.languageChosen ?? false);
  wear(slug);
}

/** Before the sign-in: the colour and picture of the organization that the address names. */
export async function showMark(): Promise<void> {
  const search = new URLSearchParams(location.search);
  const back = /^\/t\/([a-z0-9-]+)/.exec(search.get('return') ?? '');
  const organization = search.get('organization') ?? back?.[1];
  if (!organization) return undress();
  const { data } = await clientFor(null).query(MarkQuery, { organization }).toPromise();
  const mark = data?.tenantMark;
  if (mark) await show(mark.accent, mark.logo);
  else undress();
}
