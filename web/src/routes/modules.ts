import type { ModuleEntry } from '#platform/shell';
import { bodiesEntry } from '../modules/bodies/entry';
import { membersEntry } from '../modules/members/entry';

/** The modules in the order in which they appear in the navigation. */
export const modules: readonly ModuleEntry[] = [membersEntry, bodiesEntry];
