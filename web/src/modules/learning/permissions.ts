/** Permissions of learning as the server names them. */
export const permissions = {
  view: 'learning.learn',
  author: 'learning.author',
} as const;
