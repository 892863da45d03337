// An organization's provider that is not ours: oidc-provider, by the author of the certified implementations for Node.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { location } from './plenum.js';

/** Starts it. Whoever signs in as `name` has the subject `name` and the address that `people` gives. */
export async function provide(port, client, people) {
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [client],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['a key for cookies of tests'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  });
  const server = createServer(provider.callback());
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    issuer,
    stop: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }),
  };
}

/** A person signs in and agrees; the address that the provider sends them back to, not yet called. */
export async function signInAt(browser, address, issuer, name) {
  let answer = await browser.request(address);
  for (let step = 0; step < 12; step += 1) {
    if (answer.status >= 300 && answer.status < 400) {
      const next = location(answer, issuer);
      if (!next.startsWith(`${issuer}/`)) return next;
      answer = await browser.request(next);
      continue;
    }
    const page = await answer.text();
    const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
    const prompt = /name="prompt" value="([^"]+)"/.exec(page)?.[1];
    if (!action || !prompt) throw new Error(`no form at ${answer.url}: ${page.slice(0, 500)}`);
    const form = new URLSearchParams({ prompt });
    if (prompt === 'login') {
      form.set('login', name);
      form.set('password', 'any');
    }
    answer = await browser.request(new URL(action, issuer).href, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    });
  }
  throw new Error('the provider does not come to an end');
}
