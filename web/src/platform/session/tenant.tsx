import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { Provider } from 'urql';
import { clientFor, graphql, type ResultOf } from '#platform/client';

const TenantFactsQuery = graphql(`
  query TenantFacts {
    viewer {
      permissions
    }
    tenant {
      id
      slug
      name
      shortName
      isFederation
      modulesOff
    }
  }
`);

type TenantFacts = ResultOf<typeof TenantFactsQuery>;

/** The organization being worked in and what the viewer may do there. */
export type Tenancy = {
  tenant: TenantFacts['tenant'];
  /** True when the viewer holds the permission, e.g. `may('members.view')`. */
  may: (permission: string) => boolean;
};

/** Asks the server for the organization and the viewer's permissions there. */
export async function loadTenantFacts(slug: string): Promise<TenantFacts> {
  const answer = await clientFor(slug)
    .query(TenantFactsQuery, {}, { requestPolicy: 'network-only' })
    .toPromise();
  // An answer may carry both: without the organization its other half is of no use.
  if (answer.error) throw answer.error;
  if (!answer.data) throw new Error(`could not open the organization ${slug}`);
  return answer.data;
}

const TenancyContext = createContext<Tenancy | null>(null);

/** Gives pages below it the organization and its client. */
export function TenantProvider(props: { facts: TenantFacts; children: ReactNode }) {
  const { facts, children } = props;
  const tenancy = useMemo(() => {
    const permissions = new Set(facts.viewer?.permissions);
    return { tenant: facts.tenant, may: (permission: string) => permissions.has(permission) };
  }, [facts]);
  return (
    <TenancyContext.Provider value={tenancy}>
      <Provider value={clientFor(facts.tenant.slug)}>{children}</Provider>
    </TenancyContext.Provider>
  );
}

/** The organization being worked in. */
export function useTenancy(): Tenancy {
  const tenancy = useContext(TenancyContext);
  if (!tenancy) throw new Error('useTenancy is used outside of a page of an organization');
  return tenancy;
}
