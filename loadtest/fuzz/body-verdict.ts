import { type Coding, type FuzzCase, sentBody } from './case.ts'
import type { Outcome } from './client.ts'
import { decompress } from './decompress.ts'
import { explainByRemovedUsage } from './removed-usage.ts'

/**
 * Compares the body the client received with the one the upstream sent.
 * @param injected whether threadtap injected stream_options, so that usage frames may be removed
 * @param coding content-encoding of the client's response
 * @returns undefined when there is no problem
 */
export async function bodyProblem(
  fuzzCase: FuzzCase,
  { body, isComplete }: Outcome,
  injected: boolean,
  coding: string | undefined,
): Promise<string | undefined> {
  const { request, response } = fuzzCase
  const sent = sentBody(fuzzCase)
  // A body delimited by the end of the connection cannot be told from its beginning.
  const mustBeComplete =
    (isComplete && (response.framing !== 'close' || response.ending.kind === 'complete')) ||
    (request.abortsAt === undefined && response.ending.kind === 'closed')
  const isUnchanged = (coding ?? response.coding) === response.coding && isPrefix(body, sent, mustBeComplete)
  if (!injected) return isUnchanged ? undefined : difference(body, sent)
  // An empty body has no frame to remove.
  if (body.length === 0 && (!mustBeComplete || sent.length === 0 || response.status !== 200)) return undefined
  const received = await decompress(body, (coding ?? 'identity') as Coding)
  const plain = await decompress(sent, response.coding)
  // How much of a damaged coding can be decoded depends on the size of the writes.
  const readable = plain.isComplete ? received.bytes : received.bytes.subarray(0, plain.bytes.length)
  const removal = explainByRemovedUsage(plain.bytes, readable, mustBeComplete && plain.isComplete)
  if (removal === undefined) return isUnchanged ? undefined : difference(received.bytes, plain.bytes)
  const mustRemoveUsage = response.intact && response.isEventStream && response.status === 200 && isComplete
  return mustRemoveUsage && removal.remaining > 0
    ? 'a usage frame that the client did not request reached it'
    : undefined
}

const isPrefix = (received: Buffer, sent: Buffer, mustBeComplete: boolean): boolean =>
  received.equals(mustBeComplete ? sent : sent.subarray(0, received.length))

function difference(received: Buffer, sent: Buffer): string {
  let at = 0
  while (at < received.length && received[at] === sent[at]) at++
  const excerpt = (bytes: Buffer) => JSON.stringify(bytes.toString('latin1', Math.max(0, at - 40), at + 80))
  return `bytes differ from ${at} on: received ${received.length}, ${excerpt(received)}; sent ${sent.length}, ${excerpt(sent)}`
}
