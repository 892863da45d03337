/** Permissions of the register as the server names them. */
export const permissions = {
  view: 'members.view',
  import: 'members.import',
  edit: 'members.edit',
  export: 'members.export',
  transfer: 'members.transfer',
  invite: 'members.invite',
  approve: 'members.approve',
  portal: 'members.portal',
} as const;
