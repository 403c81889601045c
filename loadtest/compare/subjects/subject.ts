import type { MeasuredProcess } from '../usage/process-usage.ts'

/** What stands between client and model, running in processes of its own. */
export type Subject = {
  readonly name: SubjectName
  /** Where calls go: `http://127.0.0.1:<port>/v1/chat/completions`. */
  readonly url: string
  /** What it needs on each call beside the usual, as undici takes them: name, value, name, value. */
  readonly headers?: readonly string[]
  readonly processes: readonly MeasuredProcess[]
  /** The longest block of the relay's event loop in ms since it was last asked, where it can be known. */
  longestBlockMs?(): Promise<number | undefined>
  /** Records that are not delivered yet. */
  pending?(): Promise<number>
  stop(): Promise<void>
}

/** In the order of the tables: the unit, which is the bare relay, before what is compared with it. */
export const subjectNames = [
  'direct',
  'bare',
  'nginx',
  'capture-none',
  'proxy',
  'start',
  'journal-off',
  'langfuse-fast',
  'langfuse-slow',
  'langfuse-dead',
  'portkey',
] as const

export type SubjectName = (typeof subjectNames)[number]

export const titles: Readonly<Record<SubjectName, string>> = {
  direct: 'direct',
  bare: 'bare Node relay',
  nginx: 'nginx proxy_pass',
  'capture-none': 'threadtap start, CAPTURE_CONTENT=none',
  proxy: 'threadtap proxy + Redis + worker',
  start: 'threadtap start, local store',
  'journal-off': 'threadtap start, CRASH_JOURNAL=off',
  'langfuse-fast': 'threadtap start, Langfuse fast',
  'langfuse-slow': 'threadtap start, Langfuse 1 s late',
  'langfuse-dead': 'threadtap start, Langfuse never answers',
  portkey: 'Portkey gateway',
}

/** @returns a subject, or a sentence that says why there is none here */
export type StartSubject = (modelPort: number) => Promise<Subject | string>

export const callUrl = (port: number): string => `http://127.0.0.1:${port}/v1/chat/completions`
