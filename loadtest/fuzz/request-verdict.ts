import { attributionHeaderNames } from './attribution-headers.ts'
import type { Field, FuzzRequest } from './case.ts'
import type { ReceivedRequest } from './upstream-messages.ts'

/** @returns the problems of a request as the upstream received it, in words */
export function requestProblems(request: FuzzRequest, received: ReceivedRequest): string[] {
  const problems: string[] = []
  const leaked = received.fields.filter(([name]) =>
    attributionHeaderNames.some((other) => other === name.toLowerCase()),
  )
  if (leaked.length > 0) problems.push(`the upstream saw ${leaked.map(([name]) => name).join(', ')}`)
  if (request.damagedHead !== undefined) return problems
  if (received.method !== request.method)
    problems.push(`method ${received.method} instead of ${request.method}`)
  if (!request.mayBeRejected && received.url !== request.path)
    problems.push(`path ${received.url} instead of ${request.path}`)
  if (relayedFields(received.fields) !== relayedFields(request.fields))
    problems.push('the upstream saw other header fields')
  const isOriginal = received.body.equals(request.body)
  if (!isOriginal && !usageWasInjected(request, received)) problems.push('the upstream got another body')
  return problems
}

const relayedFields = (fields: readonly Field[]): string =>
  fields
    .filter(([name]) => /^(x-fuzz-|authorization|content-(type|encoding)|traceparent|baggage)/i.test(name))
    .join('\n')

/** Texts that threadtap may inject into the body, and the original text that each replaces. */
const injections: readonly (readonly [injected: string, original: string])[] = [
  ['"stream_options":{"include_usage":true},', ''],
  ['"include_usage":true,', ''],
  ['"include_usage":true', ''],
  ['{"include_usage":true}', 'null'],
]

/** Whether the upstream's body is the client's with injected stream_options, and otherwise unchanged. */
export function usageWasInjected({ body }: FuzzRequest, received: ReceivedRequest): boolean {
  if (received.body.equals(body)) return false
  return injections.some(([injected, original]) => {
    for (let at = received.body.indexOf(injected); at >= 0; at = received.body.indexOf(injected, at + 1)) {
      const restored = [
        received.body.subarray(0, at),
        Buffer.from(original),
        received.body.subarray(at + injected.length),
      ]
      if (Buffer.concat(restored).equals(body)) return true
    }
    return false
  })
}
