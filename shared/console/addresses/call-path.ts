/** Addresses of pages. Ids that callers name are in the query: a browser takes `..` in a path for another folder. */
export const callPath = (id: string): string => `/calls/${encodeURIComponent(id)}`
