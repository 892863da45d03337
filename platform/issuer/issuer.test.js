// Plenum as a provider for openid-client: what the two say to one another is what the specifications say.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { Browser, freePort, location, serve } from './plenum.js';

const BACK = 'http://127.0.0.1:9/back?kept=yes';
const OUT = 'http://127.0.0.1:9/out';

let plenum;
let demo;
const secrets = {};

/** The site's side, which looks at signatures too. */
function site(id, how, metadata = {}) {
  const execute = [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks];
  return oidc.discovery(new URL(plenum.url), id, { redirect_uris: [BACK], ...metadata }, how, { execute });
}

/** A browser in which somebody signed in. */
async function signedIn() {
  const browser = new Browser();
  await browser.ask(plenum.url, 'mutation ($input: SignInInput!) { signIn(input: $input) { status } }', {
    input: { email: demo.email, password: demo.password },
  });
  return browser;
}

async function isSignedIn(browser) {
  return (await browser.ask(plenum.url, '{ viewer { account { id } } }')).viewer !== null;
}

/** What a site asks, and what it keeps of it. */
async function asks(config, change = {}) {
  const kept = {
    verifier: oidc.randomPKCECodeVerifier(),
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
  };
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: BACK,
    scope: 'openid profile email organizations',
    code_challenge: await oidc.calculatePKCECodeChallenge(kept.verifier),
    code_challenge_method: 'S256',
    state: kept.state,
    nonce: kept.nonce,
  });
  for (const [name, value] of Object.entries(change)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return { ...kept, url };
}

/** Where the browser is sent. */
async function goes(browser, url) {
  const answer = await browser.request(url.href);
  assert.equal(answer.status, 303, await answer.text());
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  return new URL(location(answer, plenum.url));
}

function redeems(config, back, { verifier, state, nonce }) {
  return oidc.authorizationCodeGrant(config, back, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
}

/** The error code that a promise is rejected with. */
async function refusal(promise) {
  try {
    await promise;
  } catch (error) {
    return error.error ?? error.cause?.parameters?.error ?? error.code ?? String(error);
  }
  throw new Error('it was not refused');
}

before(async () => {
  plenum = await serve(await freePort(), {});
  const { installation } = await new Browser().ask(
    plenum.url,
    '{ installation { demoAccounts { email password } } }',
  );
  [demo] = installation.demoAccounts;
  const add = ['oidc', 'clients', 'add', '--redirect', BACK, '--logout', OUT];
  secrets.portal = (await plenum.run([...add, 'portal', '--name', 'Portal', '--organizations'])).trim();
  secrets.other = (await plenum.run([...add, 'other', '--name', 'Other'])).trim();
  assert.equal(await plenum.run([...add, 'app', '--name', 'App', '--public', '--es256']), '');
  assert.match(await plenum.run(['oidc', 'clients', 'list']), /portal: Portal \(with a secret, RS256, told/);
  await assert.rejects(plenum.run([...add, 'portal', '--name', 'Again']));
  await assert.rejects(
    plenum.run(['oidc', 'clients', 'add', 'evil', '--name', 'E', '--redirect', 'http://evil.example/']),
  );
});

after(() => plenum?.stop());

test('a site with a secret learns who signed in, and of the organizations that it may know', async () => {
  const config = await site('portal', oidc.ClientSecretBasic(secrets.portal));
  const browser = await signedIn();
  const asked = await asks(config);
  const back = await goes(browser, asked.url);
  assert.equal(back.searchParams.get('iss'), plenum.url);
  assert.equal(back.searchParams.get('kept'), 'yes');
  const tokens = await redeems(config, back, asked);
  const claims = tokens.claims();
  assert.match(claims.sub, /^[0-9a-f]{32}$/);
  assert.equal(claims.email, undefined, 'what the scope asks for is told at the second place');
  const told = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
  assert.equal(told.email, demo.email);
  assert.ok(told.name && told.organizations.length > 0);
  assert.ok(told.organizations.every(({ organization, roles }) => organization && Array.isArray(roles)));

  // Nothing else is known by the same token, and less with less of a scope.
  const narrow = await asks(config, { scope: 'openid' });
  const few = await redeems(config, await goes(browser, narrow.url), narrow);
  assert.deepEqual(await oidc.fetchUserInfo(config, few.access_token, claims.sub), { sub: claims.sub });
});

test('a site without a secret signs in by PKCE, and is not told what it was not registered for', async () => {
  const config = await site('app', oidc.None(), { id_token_signed_response_alg: 'ES256' });
  const asked = await asks(config);
  const tokens = await redeems(config, await goes(await signedIn(), asked.url), asked);
  const told = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  assert.equal(told.email, demo.email);
  assert.equal(told.organizations, undefined);
  assert.equal(tokens.refresh_token, undefined);
});

test('who is not signed in is asked to, and a site may ask without', async () => {
  const config = await site('portal', oidc.ClientSecretPost(secrets.portal));
  const asked = await asks(config);
  const page = await goes(new Browser(), asked.url);
  assert.equal(page.pathname, '/sign-in');
  const own = page.searchParams.get('return');
  assert.ok(own.startsWith('/oidc/authorize?'));
  // After signing in, the browser goes on where it was.
  const back = await goes(await signedIn(), new URL(own, plenum.url));
  assert.ok((await redeems(config, back, asked)).access_token);

  const silent = await asks(config, { prompt: 'none' });
  const refused = await goes(new Browser(), silent.url);
  assert.equal(refused.searchParams.get('error'), 'login_required');
  assert.equal(refused.searchParams.get('state'), silent.state);
});

test('a site may have people sign in again', async () => {
  const config = await site('portal', oidc.ClientSecretPost(secrets.portal));
  for (const change of [{ prompt: 'login' }, { max_age: '-1' }]) {
    const browser = await signedIn();
    const asked = await asks(config, change);
    const page = await goes(browser, asked.url);
    if (change.prompt) {
      assert.equal(page.pathname, '/sign-in');
      assert.equal(await isSignedIn(browser), false);
      assert.doesNotMatch(page.searchParams.get('return'), /prompt/);
    }
  }
});

test('nobody is sent to an address that is not registered, whole', async () => {
  const config = await site('portal', oidc.ClientSecretPost(secrets.portal));
  const browser = await signedIn();
  for (const change of [
    { redirect_uri: 'https://evil.example/' },
    { redirect_uri: `${BACK}&more=1` },
    { redirect_uri: `${BACK}#x` },
    { redirect_uri: 'http://127.0.0.1:9/back' },
    { redirect_uri: 'http://127.0.0.1:9/back/../evil' },
    { redirect_uri: null },
    { client_id: 'nobody' },
    { client_id: null },
  ]) {
    const { url } = await asks(config, change);
    const answer = await browser.request(url.href);
    assert.equal(answer.status, 400, JSON.stringify(change));
    assert.equal(answer.headers.get('location'), null);
  }
  const { url } = await asks(config);
  url.searchParams.append('redirect_uri', 'https://evil.example/');
  assert.equal((await browser.request(url.href)).status, 400, 'a parameter that stands twice');
});

test('PKCE cannot be left out or weakened', async () => {
  const config = await site('portal', oidc.ClientSecretPost(secrets.portal));
  const browser = await signedIn();
  for (const change of [
    { code_challenge: null },
    { code_challenge_method: null },
    { code_challenge_method: 'plain' },
    { code_challenge: 'short' },
  ]) {
    const back = await goes(browser, (await asks(config, change)).url);
    assert.equal(back.searchParams.get('error'), 'invalid_request', JSON.stringify(change));
    assert.equal(back.searchParams.get('code'), null);
  }
  const other = await goes(browser, (await asks(config, { response_type: 'token' })).url);
  assert.equal(other.searchParams.get('error'), 'unsupported_response_type');
  assert.equal(other.hash, '');
});

test('a code works once, for its site, with its verifier', async () => {
  const config = await site('portal', oidc.ClientSecretPost(secrets.portal));
  const browser = await signedIn();
  let asked = await asks(config);
  let back = await goes(browser, asked.url);
  const tokens = await redeems(config, back, asked);
  assert.equal(await refusal(redeems(config, back, asked)), 'invalid_grant');
  // Whoever replays a code ends what came of it.
  const dead = await fetch(`${plenum.url}/oidc/userinfo`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  assert.equal(dead.status, 401);

  asked = await asks(config);
  back = await goes(browser, asked.url);
  const wrong = { ...asked, verifier: oidc.randomPKCECodeVerifier() };
  assert.equal(await refusal(redeems(config, back, wrong)), 'invalid_grant');
  assert.equal(await refusal(redeems(config, back, asked)), 'invalid_grant', 'used up by the guess');

  asked = await asks(config);
  back = await goes(browser, asked.url);
  const other = await site('other', oidc.ClientSecretPost(secrets.other));
  assert.equal(await refusal(redeems(other, back, asked)), 'invalid_grant');
  const liar = await site('portal', oidc.ClientSecretPost(secrets.other));
  assert.equal(await refusal(redeems(liar, back, asked)), 'invalid_client');
  const silent = await site('portal', oidc.None());
  assert.equal(await refusal(redeems(silent, back, asked)), 'invalid_client');
  const moved = new URL(back);
  moved.searchParams.set('kept', 'no');
  assert.equal(await refusal(redeems(config, moved, asked)), 'invalid_grant', 'another redirect address');
});

test('an answer for one site is found out by another (mix-up, replayed nonce)', async () => {
  const config = await site('portal', oidc.ClientSecretPost(secrets.portal));
  const browser = await signedIn();
  const asked = await asks(config);
  const back = await goes(browser, asked.url);
  const renamed = new URL(back);
  renamed.searchParams.set('iss', 'https://evil.example');
  await assert.rejects(redeems(config, renamed, asked));
  await assert.rejects(redeems(config, back, { ...asked, state: 'another' }));
  await assert.rejects(redeems(config, back, { ...asked, nonce: 'another' }));
});

test('the token endpoint takes forms, one flow, and says no more than it must', async () => {
  const ask = (body, type = 'application/x-www-form-urlencoded') =>
    fetch(`${plenum.url}/oidc/token`, { method: 'POST', headers: { 'content-type': type }, body });
  const client = `client_id=portal&client_secret=${secrets.portal}`;
  for (const [body, status, error] of [
    [`${client}&grant_type=password&username=a&password=b`, 400, 'unsupported_grant_type'],
    [`${client}&grant_type=client_credentials`, 400, 'unsupported_grant_type'],
    [`${client}&grant_type=authorization_code`, 400, 'invalid_request'],
    [`${client}&grant_type=a&grant_type=b`, 400, 'invalid_request'],
    ['grant_type=authorization_code&code=a', 401, 'invalid_client'],
    ['client_id=<script>&grant_type=authorization_code', 401, 'invalid_client'],
  ]) {
    const answer = await ask(body);
    assert.equal(answer.status, status, body);
    assert.deepEqual(await answer.json(), { error });
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  }
  assert.equal((await ask('{}', 'application/json')).status, 400);
  assert.equal((await fetch(`${plenum.url}/oidc/userinfo`)).status, 401);
});

test('after a rotation new keys sign, and tokens from before are still known', async () => {
  const config = await site('portal', oidc.ClientSecretPost(secrets.portal));
  const browser = await signedIn();
  const asked = await asks(config);
  const before = await redeems(config, await goes(browser, asked.url), asked);
  assert.equal((await plenum.run(['oidc', 'rotate-keys'])).trim().split('\n').length, 2);
  const fresh = await site('portal', oidc.ClientSecretPost(secrets.portal));
  const again = await asks(fresh);
  const since = await redeems(fresh, await goes(browser, again.url), again);
  const kid = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;
  assert.notEqual(kid(before.id_token), kid(since.id_token));
  const { keys } = await (await fetch(`${plenum.url}/oidc/keys`)).json();
  assert.ok(keys.some((key) => key.kid === kid(before.id_token)));
  assert.ok(keys.every((key) => key.d === undefined && key.p === undefined));

  // The hint from before ends the session; without a hint that is ours, nothing does.
  const end = (parameters) => oidc.buildEndSessionUrl(config, parameters);
  await browser.request(new URL(`${plenum.url}/oidc/end-session?client_id=portal`).href);
  await browser.request(end({ id_token_hint: `${before.id_token}x` }).href);
  assert.equal(await isSignedIn(browser), true);
  const evil = end({ id_token_hint: since.id_token, post_logout_redirect_uri: 'https://evil.example/' });
  const place = await goes(browser, evil);
  assert.equal(place.href, `${plenum.url}/sign-in`);
  assert.equal(await isSignedIn(browser), false);

  const second = await signedIn();
  const out = await goes(
    second,
    end({ id_token_hint: before.id_token, post_logout_redirect_uri: OUT, state: 's' }),
  );
  assert.equal(out.href, `${OUT}?state=s`);
  assert.equal(await isSignedIn(second), false);
});
