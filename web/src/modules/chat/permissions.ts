/** Permissions of conversations, as `viewer.permissions` names them. */
export const permissions = { takePart: 'chat.take_part', manage: 'chat.manage' };
