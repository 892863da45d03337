/** Permissions of the register as the server names them. */
export const permissions = {
  view: 'members.view',
  import: 'members.import',
} as const;
