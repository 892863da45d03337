/** Permissions of documents as the server names them. */
export const permissions = {
  view: 'documents.view',
  register: 'documents.register',
  takePart: 'documents.take_part',
} as const;
