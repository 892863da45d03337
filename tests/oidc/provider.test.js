// Plenum as a client of oidc-provider: what the two say to one another is what the specifications say.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { provide, signInAt } from './peer.js';
import { Browser, freePort, location, serve } from './plenum.js';

const LINK = 'mutation { linkProvider { status url } }';
const BEGIN =
  'mutation ($organization: String!) { beginProviderSignIn(organization: $organization) { status url } }';
const TENANTS = '{ viewer { account { email } tenants { tenant { slug } } } }';

let plenum;
let peer;
let demo;
let administrator;
const people = {};

/** The tenants that a browser's sign-in enters; null when nobody is signed in. */
async function tenants(browser) {
  const { viewer } = await browser.ask(plenum.url, TENANTS);
  return viewer && viewer.tenants.map(({ tenant }) => tenant.slug);
}

async function begin(browser) {
  const { beginProviderSignIn } = await browser.ask(plenum.url, BEGIN, { organization: demo.slug });
  assert.equal(beginProviderSignIn.status, 'OK');
  return beginProviderSignIn.url;
}

/** Where the browser is sent after it came back. */
async function land(browser, address) {
  const answer = await browser.request(address);
  assert.equal(answer.status, 303, await answer.text());
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  return new URL(location(answer, plenum.url));
}

before(async () => {
  const [own, others] = [await freePort(), await freePort()];
  plenum = await serve(own, { PLENUM_OUTGOING_ALLOW: `http://127.0.0.1:${others}` });
  const { installation } = await new Browser().ask(
    plenum.url,
    '{ installation { demoAccounts { email password role } } }',
  );
  // An administrator of one organization at least: the first whose permissions say so.
  for (const account of installation.demoAccounts) {
    const browser = new Browser();
    await browser.ask(plenum.url, 'mutation ($input: SignInInput!) { signIn(input: $input) { status } }', {
      input: { email: account.email, password: account.password },
    });
    const { viewer } = await browser.ask(plenum.url, '{ viewer { tenants { roles tenant { slug } } } }');
    const found = viewer.tenants.find(({ roles }) => roles.includes('administrator'));
    if (found) {
      demo = { ...account, slug: found.tenant.slug };
      administrator = browser;
      break;
    }
  }
  assert.ok(demo, 'the demonstration has an administrator');
  people.anna = { email: demo.email, email_verified: true, name: 'Anna' };
  people.stranger = { email: 'stranger@factory.example', email_verified: true, name: 'New Person' };
  people.unverified = { email: 'other@factory.example', email_verified: false, name: 'Unverified' };
  const client = {
    client_id: 'plenum',
    client_secret: 'a secret of the tests, long enough: & and %',
    redirect_uris: [`${plenum.url}/sign-in/by/${demo.slug}`],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'client_secret_basic',
  };
  peer = await provide(others, client, people);
  const input = {
    label: 'By the factory',
    issuer: peer.issuer,
    clientId: client.client_id,
    clientSecret: client.client_secret,
    makesAccounts: true,
    mailDomains: ['factory.example'],
  };
  const set = 'mutation ($input: ProviderInput!) { setProvider(input: $input) { status settings { redirectUri } } }';
  const { setProvider } = await administrator.ask(plenum.url, set, { input }, demo.slug);
  assert.deepEqual(setProvider, { status: 'OK', settings: { redirectUri: client.redirect_uris[0] } });
});

after(async () => {
  await peer?.stop();
  await plenum?.stop();
});

test('an account with a password is linked by its holder and then signed in by the provider', async () => {
  const taken = new Browser();
  const refused = await land(taken, await signInAt(taken, await begin(taken), peer.issuer, 'anna'));
  assert.match(refused.hash, /reason=(link_first|domain)/);
  assert.equal(await tenants(taken), null);

  const { linkProvider } = await administrator.ask(plenum.url, LINK, {}, demo.slug);
  const linked = await land(
    administrator,
    await signInAt(administrator, linkProvider.url, peer.issuer, 'anna'),
  );
  assert.equal(linked.pathname + linked.hash, `/t/${demo.slug}/security#provider=linked`);

  const browser = new Browser();
  const landed = await land(browser, await signInAt(browser, await begin(browser), peer.issuer, 'anna'));
  assert.equal(landed.href, `${plenum.url}/t/${demo.slug}`);
  assert.deepEqual(await tenants(browser), [demo.slug]);
});

test('who is not known gets an account when the provider vouches for the address', async () => {
  const browser = new Browser();
  const landed = await land(browser, await signInAt(browser, await begin(browser), peer.issuer, 'stranger'));
  assert.equal(landed.pathname, `/t/${demo.slug}`);
  const { viewer } = await browser.ask(plenum.url, TENANTS);
  assert.equal(viewer.account.email, 'stranger@factory.example');

  const other = new Browser();
  const refused = await land(other, await signInAt(other, await begin(other), peer.issuer, 'unverified'));
  assert.match(refused.hash, /reason=no_address/);
  assert.equal(await tenants(other), null);
});

test('an answer works once, in the browser that asked, for what it asked', async () => {
  const browser = new Browser();
  const answer = await signInAt(browser, await begin(browser), peer.issuer, 'stranger');

  const foreign = new Browser();
  assert.match((await land(foreign, answer)).hash, /reason=expired/);
  const changed = new URL(answer);
  changed.searchParams.set('state', 'another');
  assert.match((await land(browser.copy(), changed.href)).hash, /reason=expired/);
  const renamed = new URL(answer);
  renamed.searchParams.set('iss', 'https://evil.example');
  assert.match((await land(browser.copy(), renamed.href)).hash, /reason=failed/);

  // That try used the attempt up: the code with it.
  assert.match((await land(browser, answer)).hash, /reason=expired/);
  assert.equal(await tenants(browser), null);

  const again = new Browser();
  const good = await signInAt(again, await begin(again), peer.issuer, 'stranger');
  const thief = again.copy();
  assert.equal((await land(again, good)).pathname, `/t/${demo.slug}`);
  assert.match((await land(thief, good)).hash, /reason=expired/);
});

test('a code that somebody else asked for is refused by the provider (PKCE)', async () => {
  const [victim, attacker] = [new Browser(), new Browser()];
  const own = new URL(await signInAt(victim, await begin(victim), peer.issuer, 'stranger'));
  const stolen = new URL(await signInAt(attacker, await begin(attacker), peer.issuer, 'stranger'));
  own.searchParams.set('code', stolen.searchParams.get('code'));
  assert.match((await land(victim, own.href)).hash, /reason=failed/);
  assert.equal(await tenants(victim), null);
});

test('the provider sends people nowhere but to the address that is registered', async () => {
  const browser = new Browser();
  const url = new URL(await begin(browser));
  assert.equal(url.searchParams.get('code_challenge_method'), 'S256');
  url.searchParams.set('redirect_uri', 'https://evil.example/');
  assert.equal((await browser.request(url.href)).status, 400);
});

test('giving up at the provider is told in words', async () => {
  const browser = new Browser();
  const url = new URL(await begin(browser));
  url.searchParams.set('prompt', 'none');
  const answer = location(await browser.request(url.href), peer.issuer);
  assert.match((await land(browser, answer)).hash, /reason=cancelled/);
});
