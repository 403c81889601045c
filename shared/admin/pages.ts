import type { Hono } from 'hono'
import type { AdminParts } from './admin-parts.ts'

/** Serves pages for people, at every path that the API leaves. */
export type Pages = Pick<Hono, 'fetch'>

/** Loads them; called by the first request for one, so that a process that nobody looks at does without. */
export type LoadPages = (parts: AdminParts) => Promise<Pages>

/** @returns a function that loads them once, and again where that failed */
export function lazyPages(load: LoadPages, parts: AdminParts): () => Promise<Pages> {
  let loading: Promise<Pages> | undefined
  return () => {
    loading ??= load(parts).catch((cause) => {
      loading = undefined
      throw cause
    })
    return loading
  }
}
