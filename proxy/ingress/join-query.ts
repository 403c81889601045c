/**
 * @param path of a request, with its own query where it has one
 * @param query of the upstream's base URL; a parameter that the request itself has is left out
 */
export function joinQuery(path: string, query: string | undefined): string {
  if (query === undefined) return path
  const at = path.indexOf('?')
  if (at < 0) return `${path}?${query}`
  const own = path.slice(at + 1)
  const names = new Set(own.split('&').map(nameOf))
  const added = query.split('&').filter((parameter) => !names.has(nameOf(parameter)))
  return [path.slice(0, at + 1) + own, ...added]
    .filter((part) => part !== '')
    .join('&')
    .replace('?&', '?')
}

const nameOf = (parameter: string): string => parameter.split('=', 1)[0] ?? ''
