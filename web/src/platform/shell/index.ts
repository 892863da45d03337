export { EntryFrame } from './entry-frame';
export { FaultPage, NoTenantPage, NotFoundPage } from './fault-pages';
export { links } from './links';
export { LogoMark } from './logo';
export type { Command, ModuleEntry, NavItem } from './module-entry';
