import { bodyProblem } from './body-verdict.ts'
import { type Field, type FuzzCase, isBodiless, writtenBody } from './case.ts'
import type { Outcome } from './client.ts'
import { requestProblems, usageWasInjected } from './request-verdict.ts'
import type { ReceivedRequest } from './upstream-messages.ts'

/** @returns the problems of a call, in words; empty when there is none */
export async function findProblems(
  fuzzCase: FuzzCase,
  outcome: Outcome,
  received: readonly ReceivedRequest[],
): Promise<string[]> {
  // After a damaged head the server may rightly wait for more.
  if (outcome.hung && fuzzCase.request.damagedHead === undefined)
    return [`the call hung: ${progress(outcome, received)}`]
  if (outcome.isMalformed) return ['the response is not HTTP']
  const problems = received.flatMap((arrived) => requestProblems(fuzzCase.request, arrived))
  if (fuzzCase.request.mayBeRejected) return [...problems, ...defectProblems(outcome)]
  if (fuzzCase.request.abortsAt === undefined && received.length === 0)
    problems.push('the call did not reach the upstream')
  if (outcome.head === undefined) return [...problems, ...missingResponseProblems(fuzzCase)]
  if (fieldOf(outcome, 'x-fuzz-response') === undefined)
    return [...problems, ...replacedResponseProblems(fuzzCase, outcome)]
  problems.push(...headProblems(fuzzCase, outcome))
  problems.push(...completenessProblems(fuzzCase, outcome))
  const injected = received.some((arrived) => usageWasInjected(fuzzCase.request, arrived))
  const bodyProblemText = await bodyProblem(fuzzCase, outcome, injected, fieldOf(outcome, 'content-encoding'))
  return bodyProblemText === undefined ? problems : [...problems, bodyProblemText]
}

const progress = ({ head, body }: Outcome, received: readonly ReceivedRequest[]): string =>
  `the client got status ${head?.status} and ${body.length} bytes; the upstream got ${received.length} requests: ${received
    .map((arrived) => arrived.progress)
    .join('; ')}`

/** @param name in lower case. @returns the first field of that name in the response */
export function fieldOf({ head }: Outcome, name: string): string | undefined {
  return head?.fields.find(([other]) => other.toLowerCase() === name)?.[1]
}

/** A response may be missing only when the client aborted, or a reset overtook it. */
function missingResponseProblems({ request, response }: FuzzCase): string[] {
  const mayBeMissing = request.abortsAt !== undefined || response.ending.kind === 'reset'
  return mayBeMissing ? [] : ['the connection ended without a response']
}

/** threadtap must not respond itself when the upstream's response arrived; a reset may overtake that. */
function replacedResponseProblems(fuzzCase: FuzzCase, outcome: Outcome): string[] {
  const { kind } = fuzzCase.response.ending
  const replaced =
    kind === 'complete' || kind === 'closed'
      ? [`threadtap responded ${outcome.head?.status} in the upstream's place: ${outcome.body}`]
      : []
  return [...replaced, ...defectProblems(outcome)]
}

const defectProblems = ({ head, body }: Outcome): string[] =>
  head?.status === 500 && body.includes('internal_error') ? [`a defect: ${body}`] : []

function headProblems({ response }: FuzzCase, { head }: Outcome): string[] {
  const [received, sent] = [relayedFields(head?.fields ?? []), relayedFields(response.fields)]
  return [
    ...(head?.status === response.status ? [] : [`status ${head?.status} instead of ${response.status}`]),
    ...(received === sent
      ? []
      : [`header fields ${JSON.stringify(received)} instead of ${JSON.stringify(sent)}`]),
  ]
}

const relayedFields = (fields: readonly Field[]): string =>
  fields.filter(([name]) => /^(x-fuzz-[abc]|retry-after|x-request-id|content-type)$/i.test(name)).join('\n')

/** A truncated response must be recognisable, as it would be on a direct connection to the upstream. */
function completenessProblems(fuzzCase: FuzzCase, { isComplete }: Outcome): string[] {
  const { request, response } = fuzzCase
  if (request.abortsAt !== undefined || isBodiless(fuzzCase)) return []
  const isSentCompletely = response.ending.kind === 'complete'
  if (isSentCompletely && !isComplete && !mayBeTruncated(response)) return ['the response was truncated']
  const looksComplete =
    response.framing === 'close' ||
    (response.framing === 'length' && writtenBody(response).length === response.body.length)
  return !isSentCompletely && isComplete && !looksComplete ? ['a truncated response looks complete'] : []
}

/** A damaged coding that has to be decoded cannot be relayed completely. */
const mayBeTruncated = ({ coding, intact }: FuzzCase['response']): boolean => coding !== 'identity' && !intact
