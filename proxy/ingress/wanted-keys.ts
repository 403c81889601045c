import { bodyNames } from '../attribution/names/body.ts'

/** Fields that the response's headers name: thread, session and trace. */
const idFields: ReadonlySet<string> = new Set(['threadId', 'sessionId', 'traceId'])

/** The outermost keys of a body that may hold an id which the response's headers name. */
export const idKeys: readonly string[] = [
  ...new Set(
    bodyNames.flatMap(([path, meaning]) => (idFields.has(meaning) ? [path.split('.')[0] ?? path] : [])),
  ),
]

/** The keys of a request that the relay itself looks at. */
export const wantedKeys: ReadonlySet<string> = new Set(['stream', 'stream_options', 'model', ...idKeys])
