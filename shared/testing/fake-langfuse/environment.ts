/**
 * Filed under another name without a word: `PROD` under `prod`, `langfuse-prod` under `prod`, `prod.eu`
 * under `default` (measured).
 */
export function recordedEnvironment(given: unknown): string {
  if (typeof given !== 'string') return 'default'
  const name = given
    .toLowerCase()
    .replace(/^langfuse[-_]*/, '')
    .slice(0, 40)
  return /^[a-z0-9_-]+$/.test(name) ? name : 'default'
}
