import type { Child } from 'hono/jsx'

/** What is on a page beside what all of them have. Pages are functions of data that return one. */
export type Page = {
  /** What the page is about, for the browser's tabs and history. */
  readonly title: string
  /** Where it belongs in the navigation. */
  readonly section?: Section
  readonly body: Child
  /** A module of `assets` that the page needs beside the one of all pages. */
  readonly script?: 'live.js'
  /** The response's, where it is not the one of its route: 400 where the address is not understood. */
  readonly status?: 400
}

/** The pages of the navigation, by their paths. */
export const sections = {
  '/live': 'Live',
  '/calls': 'Calls',
  '/threads': 'Threads',
  '/runs': 'Runs',
  '/health': 'Health',
} as const

export type Section = keyof typeof sections
