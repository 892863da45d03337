import { useSyncExternalStore } from 'react';
import { clientFor, forgetClients, graphql, type ResultOf, whenSignedOut } from '#platform/client';
import { setLanguage } from '#platform/languages';

const SessionFactsQuery = graphql(`
  query SessionFacts {
    installation {
      demo
      developmentMailbox
      version
      demoAccounts {
        email
        password
        name
        tenant
        role
      }
    }
    viewer {
      account {
        id
        email
        displayName
        language
      }
      tenants {
        roles
        tenant {
          id
          slug
          name
          shortName
          isFederation
        }
      }
    }
  }
`);

/** Who is signed in (nobody: `viewer` is null) and what this installation offers. */
export type SessionFacts = ResultOf<typeof SessionFactsQuery>;
/** The signed-in account with the organizations it may act in. */
export type Viewer = NonNullable<SessionFacts['viewer']>;
/** An organization that the viewer may act in. */
export type TenantSummary = Viewer['tenants'][number]['tenant'];

const listeners = new Set<() => void>();
let facts: SessionFacts | null = null;
let loading: Promise<SessionFacts> | null = null;

function publish(next: SessionFacts | null): void {
  facts = next;
  for (const listener of listeners) listener();
}

async function load(): Promise<SessionFacts> {
  const answer = await clientFor(null)
    .query(SessionFactsQuery, {}, { requestPolicy: 'network-only' })
    .toPromise();
  if (answer.error) throw answer.error;
  if (!answer.data) throw new Error('could not learn who is signed in');
  if (answer.data.viewer) {
    setLanguage(answer.data.viewer.account.language === 'EN' ? 'en' : 'ru');
  }
  publish(answer.data);
  return answer.data;
}

/** The facts of the session, asked from the server once. */
export function sessionFacts(): Promise<SessionFacts> {
  if (facts) return Promise.resolve(facts);
  loading ??= load().finally(() => {
    loading = null;
  });
  return loading;
}

/** Asks again and drops every cache: who is signed in has changed. */
export async function reloadSession(): Promise<SessionFacts> {
  forgetClients();
  publish(null);
  return sessionFacts();
}

/** Calls `redirect` when the server ends the session while the app is open. */
export function onSessionEnded(redirect: () => void): void {
  whenSignedOut(() => {
    if (facts === null || facts.viewer === null) return;
    publish({ ...facts, viewer: null });
    redirect();
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The facts of the session; null only before the first load. */
export function useSessionFacts(): SessionFacts | null {
  return useSyncExternalStore(subscribe, () => facts);
}
