import { useRouter } from '@tanstack/react-router';
import { useEffect, useLayoutEffect } from 'react';
import { useSubscription } from 'urql';
import { toast } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useTenancy } from '#platform/session';
import { links } from '#platform/shell';
import { LookPushes } from './documents';
import { keepLook, lookOf, undress, wear } from './look';
import { moduleOf } from './places';
import { brandTexts } from './texts';

/** Shows the organization's brand for as long as one is in it, and follows its settings: draws nothing itself. */
export default function TenantBrand() {
  const t = useTexts(brandTexts);
  const router = useRouter();
  const { tenant } = useTenancy();
  const [{ data }] = useSubscription({ query: LookPushes });
  const look = data?.tenantLook;

  useLayoutEffect(() => {
    wear(tenant.slug);
    return undress;
  }, [tenant.slug]);

  useEffect(() => {
    if (!look || look.version === lookOf(tenant.slug)?.version) return;
    keepLook(tenant.slug, look);
    wear(tenant.slug);
    const here = moduleOf(router.state.location.pathname);
    if (here && look.modulesOff.includes(here)) {
      toast.bad(t.moduleOff);
      void router.navigate({ ...links.home(tenant.slug), replace: true });
    }
    // What may be done here, and what the organization is called, are read anew.
    void router.invalidate();
  }, [look, tenant.slug, router, t]);

  return null;
}
