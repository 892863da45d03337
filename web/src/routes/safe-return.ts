/** Only addresses of this app: anything else could lead to a forged page. */
export function safeReturn(value: unknown): string | undefined {
  if (typeof value !== 'string' || !value.startsWith('/')) return undefined;
  return /^\/[/\\]/.test(value) || /[\t\n\r]/.test(value) ? undefined : value;
}
