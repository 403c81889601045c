import type { Field, FuzzRequest } from './case.ts'
import { taggingNames } from './tagging-fields.ts'
import type { Seen } from './upstream-messages.ts'

/** @returns what is wrong with a request as it reached the upstream, in words */
export function judgeRequest(request: FuzzRequest, seen: Seen): string[] {
  const problems: string[] = []
  const ours = seen.fields.filter(([name]) => taggingNames.some((other) => other === name.toLowerCase()))
  if (ours.length > 0) problems.push(`the upstream saw ${ours.map(([name]) => name).join(', ')}`)
  if (request.damagedHead !== undefined) return problems
  if (seen.method !== request.method) problems.push(`method ${seen.method} instead of ${request.method}`)
  if (!request.odd && seen.url !== request.path) problems.push(`path ${seen.url} instead of ${request.path}`)
  if (kept(seen.fields) !== kept(request.fields)) problems.push('the upstream saw other header fields')
  const isOriginal = seen.body.equals(request.body)
  if (!isOriginal && !wasAsked(request, seen)) problems.push('the upstream got another body')
  return problems
}

const kept = (fields: readonly Field[]): string =>
  fields
    .filter(([name]) => /^(x-fuzz-|authorization|content-(type|encoding)|traceparent|baggage)/i.test(name))
    .join('\n')

/** What may stand in the upstream's body that the client did not write, and what it stands for. */
const additions: readonly (readonly [added: string, instead: string])[] = [
  ['"stream_options":{"include_usage":true},', ''],
  ['"include_usage":true,', ''],
  ['"include_usage":true', ''],
  ['{"include_usage":true}', 'null'],
]

/** True where the upstream's body is the client's with the wish for usage in it, and nothing else changed. */
export function wasAsked({ body }: FuzzRequest, seen: Seen): boolean {
  if (seen.body.equals(body)) return false
  return additions.some(([added, instead]) => {
    for (let at = seen.body.indexOf(added); at >= 0; at = seen.body.indexOf(added, at + 1)) {
      const rest = [seen.body.subarray(0, at), Buffer.from(instead), seen.body.subarray(at + added.length)]
      if (Buffer.concat(rest).equals(body)) return true
    }
    return false
  })
}
