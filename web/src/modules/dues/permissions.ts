/** Permissions of dues as the server names them. */
export const permissions = {
  view: 'dues.view',
  manage: 'dues.manage',
  charge: 'dues.charge',
  record: 'dues.record',
  own: 'dues.own',
} as const;
