import type { Plugin } from 'vite';

/** Puts ids in the place of GraphQL documents, and lists what they stand for. */
export function operations(): Plugin;
