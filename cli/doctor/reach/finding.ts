export type Finding = {
  readonly state: 'ok' | 'not ok' | 'not used'
  /** The result in a few words. */
  readonly summary: string
  /** What to type. */
  readonly remedy?: string
}

/** Where a check asks, and how the setting is spelled that leads there. */
export type Address = {
  /** Base URL as it is set. */
  readonly url: string
  /** @returns what to type so that the setting has this value: `LANGFUSE_BASE_URL=http://...` */
  readonly assign: (url: string) => string
}

export const ok = (summary: string): Finding => ({ state: 'ok', summary })
export const notOk = (summary: string, remedy: string): Finding => ({ state: 'not ok', summary, remedy })
export const notUsed = (summary: string): Finding => ({ state: 'not used', summary })
