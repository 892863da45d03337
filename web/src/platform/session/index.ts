export {
  onSessionEnded,
  reloadSession,
  type SessionFacts,
  sessionFacts,
  type TenantSummary,
  useSessionFacts,
  type Viewer,
} from './session';
export { loadTenantFacts, type Tenancy, TenantProvider, useTenancy } from './tenant';
