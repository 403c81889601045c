import type { IncomingHttpHeaders } from 'node:http'
import { isJsonObject, type JsonObject, parseJson } from '../../../shared/json.ts'
import type { Said } from './context.ts'

/** Our own tagging headers: read here, never sent to the upstream. */
export const ourHeaders: ReadonlySet<string> = new Set([
  'x-thread-id',
  'x-session-id',
  'x-user-id',
  'x-agent-key',
  'x-trace-id',
  'x-trace-name',
  'x-tags',
  'x-metadata',
])

/** What our own headers say of a call. Empty values count as absent. */
export function readHeaderContext(headers: IncomingHttpHeaders): Said {
  const said: Record<string, unknown> = {}
  const take = (field: keyof Said, name: string, read: (text: string) => unknown = (text) => text): void => {
    const value = headers[name]
    if (typeof value === 'string' && value !== '') said[field] = read(decode(value))
  }
  take('threadId', 'x-thread-id')
  take('sessionId', 'x-session-id')
  take('userId', 'x-user-id')
  take('agentKey', 'x-agent-key')
  take('traceId', 'x-trace-id')
  take('traceName', 'x-trace-name')
  take('tags', 'x-tags', readTags)
  take('metadata', 'x-metadata', readMetadata)
  return said as Said
}

function readTags(text: string): readonly string[] {
  const tags = text.split(',').map((tag) => tag.trim())
  return [...new Set(tags)].filter((tag) => tag !== '')
}

/** What is not a JSON object is kept as text: a call is never refused for its tags. */
function readMetadata(text: string): JsonObject {
  const value = parseJson(text)
  return isJsonObject(value) ? value : { 'x-metadata': text }
}

const beyondAscii = /[\x80-\xff]/

/** Node hands header bytes over as Latin-1; clients that send other characters send UTF-8. */
function decode(value: string): string {
  if (!beyondAscii.test(value)) return value
  const text = Buffer.from(value, 'latin1').toString('utf8')
  return text.includes('\uFFFD') ? value : text
}
