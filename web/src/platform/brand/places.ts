/** The first words of pages whose module is not called so. */
const MODULES: Record<string, string> = {
  sessions: 'bodies',
  journals: 'documents',
  tasks: 'documents',
};

/** The module of a page of an organization, by its path; null for pages of none. */
export function moduleOf(path: string): string | null {
  const [, tenants, , place, rest, last] = path.split('/');
  if (tenants !== 't' || !place) return null;
  if (place === 'me') return rest === 'dues' ? 'dues' : null;
  if (last === 'room') return 'meetings';
  return MODULES[place] ?? place;
}
