import { adminEntry } from '#platform/admin/entry';
import type { ModuleEntry } from '#platform/shell';
import { bodiesEntry } from '../modules/bodies/entry';
import { chatEntry } from '../modules/chat/entry';
import { documentsEntry } from '../modules/documents/entry';
import { duesEntry } from '../modules/dues/entry';
import { learningEntry } from '../modules/learning/entry';
import { mailingsEntry } from '../modules/mailings/entry';
import { membersEntry } from '../modules/members/entry';

/** Those modules that the organization has switched on. */
export function on(all: readonly ModuleEntry[], tenant: { modulesOff: readonly string[] }) {
  return all.filter(({ id }) => !tenant.modulesOff.includes(id));
}

/** The modules in the order in which they appear in the navigation. */
export const modules: readonly ModuleEntry[] = [
  membersEntry,
  duesEntry,
  bodiesEntry,
  learningEntry,
  documentsEntry,
  mailingsEntry,
  chatEntry,
  adminEntry,
];
