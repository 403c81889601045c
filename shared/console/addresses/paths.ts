/**
 * Addresses of pages. Ids that callers name are in the query: in a path, a browser takes `..` for another folder.
 */
export const callPath = (id: string): string => `/calls/${encodeURIComponent(id)}`

export const runPath = (id: string): string => `/runs/${encodeURIComponent(id)}`

export const threadPath = (thread: string): string => `/thread?${new URLSearchParams({ id: thread })}`

/** @param parameters of a list; undefined and empty ones are left out */
export function listPath(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => Boolean(entry[1]))
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`
}
