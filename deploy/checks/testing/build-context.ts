/** Whether a path belongs to what is sent to the builder. */
export type InContext = (path: string) => boolean

/**
 * Reads a .dockerignore (docs.docker.com/build/concepts/context): the last pattern that fits a path, or a folder above
 * it, decides.
 */
export function buildContext(dockerignore: string): InContext {
  const rules = dockerignore
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ included: line.startsWith('!'), fits: matcher(line.replace(/^!/, '')) }))
  return (path) => rules.findLast(({ fits }) => fits(path))?.included ?? true
}

function matcher(pattern: string): (path: string) => boolean {
  const source = pattern
    .split('/')
    .map((part) =>
      part === '**' ? '**' : part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*'),
    )
    .join('/')
    .replaceAll('**/', '(?:.*/)?')
  const whole = new RegExp(`^${source}(?:/.*)?$`)
  return (path) => whole.test(path)
}
