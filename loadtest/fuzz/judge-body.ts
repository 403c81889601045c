import { type Coding, type FuzzCase, sentBody } from './case.ts'
import type { Outcome } from './client.ts'
import { unpack } from './unpack.ts'
import { explainByCuts } from './usage-oracle.ts'

/**
 * Compares what the client got with what the upstream sent.
 * @param asked true where threadtap asked for usage, so that usage frames may be missing
 * @param coding as the client's answer says
 */
export async function judgeBody(
  one: FuzzCase,
  { body, isWhole }: Outcome,
  asked: boolean,
  coding: string | undefined,
): Promise<string | undefined> {
  const { request, answer } = one
  const sent = sentBody(one)
  // Where a connection's end is the body's end, nobody can tell half of it from all of it.
  const mustBeWhole =
    (isWhole && (answer.framing !== 'close' || answer.ending.how === 'whole')) ||
    (request.leaves === undefined && answer.ending.how === 'closed')
  const isSame = (coding ?? answer.coding) === answer.coding && isBeginning(body, sent, mustBeWhole)
  if (!asked) return isSame ? undefined : difference(body, sent)
  // Bodies without bytes have nothing to cut out either.
  if (body.length === 0 && (!mustBeWhole || sent.length === 0 || answer.status !== 200)) return undefined
  const got = await unpack(body, (coding ?? 'identity') as Coding)
  const plain = await unpack(sent, answer.coding)
  // How much of a damaged coding can be read depends on the decoder's steps.
  const readable = plain.isWhole ? got.bytes : got.bytes.subarray(0, plain.bytes.length)
  const explained = explainByCuts(plain.bytes, readable, mustBeWhole && plain.isWhole)
  if (explained === undefined) return isSame ? undefined : difference(got.bytes, plain.bytes)
  const shouldCut = answer.intact && answer.isEventStream && answer.status === 200 && isWhole
  return shouldCut && explained.left > 0
    ? 'a usage frame that nobody asked for reached the client'
    : undefined
}

const isBeginning = (got: Buffer, sent: Buffer, mustBeWhole: boolean): boolean =>
  got.equals(mustBeWhole ? sent : sent.subarray(0, got.length))

function difference(got: Buffer, sent: Buffer): string {
  let at = 0
  while (at < got.length && got[at] === sent[at]) at++
  const near = (bytes: Buffer) => JSON.stringify(bytes.toString('latin1', Math.max(0, at - 40), at + 80))
  return `bytes differ from ${at} on: got ${got.length}, ${near(got)}; sent ${sent.length}, ${near(sent)}`
}
