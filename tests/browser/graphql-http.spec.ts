import { type Audit, serverAudits } from 'graphql-http';
import { expect, test } from '@playwright/test';
import { getIntrospectionQuery } from 'graphql';
import { address } from './app';
import { type Served, serveForReal } from './server';

/** They ask for queries by GET, which the specification leaves to the server; here operations come by POST only. */
const BY_GET = ['5A70', 'D6D5', '6A70'];

async function pass(audit: Audit): Promise<void> {
  const result = await audit.fn();
  const found = result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`;
  const expected = BY_GET.includes(audit.id) ? 'notice: Response status code is not 200' : 'ok';
  expect(found, `${audit.id} ${audit.name}`).toBe(expected);
}

test.describe('GraphQL over HTTP', () => {
  const audits = serverAudits({ url: () => address('/graphql') });
  test('all audits are here', () => expect(audits).toHaveLength(61));
  for (const audit of audits) {
    test(`${audit.id} ${audit.name}`, () => pass(audit));
  }

  test('the explorer of the demonstration reads the schema', async ({ request }) => {
    const read = await request.post(address('/graphql'), { data: { query: getIntrospectionQuery() } });
    const answer = await read.json();
    expect(answer.errors).toBeUndefined();
    expect(answer.data.__schema.types.length).toBeGreaterThan(100);
  });

  test.describe('as it is run for real', () => {
    let server: Served;
    // The audits bring operations of their own, which nobody has listed.
    test.beforeAll(async () => {
      server = await serveForReal({ PLENUM_OPERATIONS: 'any' });
    });
    test.afterAll(() => server.stop());
    for (const audit of serverAudits({ url: () => `${server.url}/graphql` })) {
      test(`for real: ${audit.id} ${audit.name}`, () => pass(audit));
    }
  });
});
