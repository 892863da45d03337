/** What the viewer must hold; the names of `modules/mailings/src/permissions.rs`. */
export const permissions = {
  view: 'mailings.view',
  edit: 'mailings.edit',
  send: 'mailings.send',
} as const;
