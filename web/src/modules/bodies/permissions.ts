/** Permissions of bodies and sessions as the server names them. */
export const permissions = {
  view: 'bodies.view',
  manage: 'bodies.manage',
  schedule: 'bodies.schedule',
} as const;
