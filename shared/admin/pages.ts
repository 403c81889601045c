import type { Hono } from 'hono'
import type { AdminParts } from './admin-parts.ts'

/** Serves pages for people, at every path that the API leaves. */
export type Pages = Pick<Hono, 'fetch'>

/** Loads them; called by the first request for one, so that a process that nobody looks at does without. */
export type LoadPages = (parts: AdminParts) => Promise<Pages>
