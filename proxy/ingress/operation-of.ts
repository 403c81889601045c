import type { Operation } from '../../shared/record/record.ts'

/** Operations that generate something and are paid for, by their path below the API's root; `*` is an id. */
const operations: readonly (readonly [path: string, operation: Operation])[] = [
  ['chat/completions', 'chat'],
  ['completions', 'text_completion'],
  ['responses', 'responses'],
  ['responses/compact', 'responses'],
  ['messages', 'messages'],
  ['embeddings', 'embeddings'],
  ['rerank', 'rerank'],
  ['moderations', 'moderation'],
  ['images/generations', 'image'],
  ['images/edits', 'image'],
  ['images/variations', 'image'],
  ['audio/speech', 'audio'],
  ['audio/transcriptions', 'audio'],
  ['audio/translations', 'audio'],
  ['videos', 'video'],
  ['videos/edits', 'video'],
  ['videos/extensions', 'video'],
  ['videos/*/remix', 'video'],
]

const known = operations.map(([path, operation]) => ({ steps: path.split('/'), operation }))

/**
 * Collections of stored things. What ends like an operation below one of them is none: adding a message to a thread
 * is `/threads/<id>/messages`.
 */
const collections: ReadonlySet<string> = new Set([
  ...[
    'assistants',
    'batches',
    'containers',
    'conversations',
    'evals',
    'files',
    'fine_tuning',
    'organization',
  ],
  ...['realtime', 'responses', 'skills', 'threads', 'uploads', 'vector_stores', 'videos'],
])

/**
 * The operation of a POST. Azure and others put deployments, projects and accounts before the path of their API, so
 * that it need not begin with one: `/v1/deployments/<name>/chat/completions`.
 * @param route from `/v1` on, without query
 * @returns `relay` for what generates nothing: files, counting tokens, a stored thing that is changed
 */
export function operationOf(route: string): Operation {
  const steps = route.split('/').filter((step) => step !== '')
  const match = known
    .filter((one) => endsWith(steps, one.steps))
    .reduce((longest, one) => (one.steps.length > (longest?.steps.length ?? 0) ? one : longest), nothing)
  if (match === undefined) return 'relay'
  const before = steps.slice(0, steps.length - match.steps.length)
  return before.some(isCollection) ? 'relay' : match.operation
}

const nothing: (typeof known)[number] | undefined = undefined

const endsWith = (steps: readonly string[], ending: readonly string[]): boolean =>
  steps.length >= ending.length &&
  ending.every((step, at) => step === '*' || step === steps[steps.length - ending.length + at])

/** A deployment may be called anything. */
const isCollection = (step: string, at: number, before: readonly string[]): boolean =>
  collections.has(step) && before[at - 1] !== 'deployments'
