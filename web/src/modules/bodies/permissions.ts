/** Permissions of bodies and sessions as the server names them. */
export const permissions = {
  view: 'bodies.view',
  create: 'bodies.create',
  schedule: 'bodies.schedule',
  register: 'members.view',
} as const;
