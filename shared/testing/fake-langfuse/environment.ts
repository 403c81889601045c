/** Silently renamed: `PROD` to `prod`, `langfuse-prod` to `prod`, `prod.eu` to `default` (measured). */
export function recordedEnvironment(environment: unknown): string {
  if (typeof environment !== 'string') return 'default'
  const name = environment
    .toLowerCase()
    .replace(/^langfuse[-_]*/, '')
    .slice(0, 40)
  return /^[a-z0-9_-]+$/.test(name) ? name : 'default'
}
