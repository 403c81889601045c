import { type Field, type FuzzCase, isBodiless, writtenBody } from './case.ts'
import type { Outcome } from './client.ts'
import { judgeBody } from './judge-body.ts'
import { judgeRequest, wasAsked } from './judge-request.ts'
import type { Seen } from './upstream-messages.ts'

/** @returns what is wrong with how a call went, in words; empty where all is well */
export async function judge(one: FuzzCase, outcome: Outcome, seen: readonly Seen[]): Promise<string[]> {
  // Of a damaged head the server may wait for more, as it should.
  if (outcome.hung && one.request.damagedHead === undefined)
    return [`nothing came for so long that something must hang: ${progress(outcome, seen)}`]
  if (outcome.isMalformed) return ['the answer is not HTTP']
  const problems = seen.flatMap((arrived) => judgeRequest(one.request, arrived))
  if (one.request.odd) return [...problems, ...judgeOwnAnswer(outcome)]
  if (one.request.leaves === undefined && seen.length === 0)
    problems.push('the call did not reach the upstream')
  if (outcome.head === undefined) return [...problems, ...judgeSilence(one)]
  if (fieldOf(outcome, 'x-fuzz-answer') === undefined) return [...problems, ...judgeFailure(one, outcome)]
  problems.push(...judgeHead(one, outcome))
  problems.push(...judgeEnd(one, outcome))
  const asked = seen.some((arrived) => wasAsked(one.request, arrived))
  const broken = await judgeBody(one, outcome, asked, fieldOf(outcome, 'content-encoding'))
  return broken === undefined ? problems : [...problems, broken]
}

const progress = ({ head, body }: Outcome, seen: readonly Seen[]): string =>
  `the client got status ${head?.status} and ${body.length} bytes; the upstream got ${seen.length} requests: ${seen
    .map((arrived) => arrived.progress)
    .join('; ')}`

/** The answer's field of that name; of several the first. */
export function fieldOf({ head }: Outcome, name: string): string | undefined {
  return head?.fields.find(([other]) => other.toLowerCase() === name)?.[1]
}

/** No answer is right only where the client did not wait for one, or a reset overtook it. */
function judgeSilence({ request, answer }: FuzzCase): string[] {
  const mayBeSilent = request.leaves !== undefined || answer.ending.how === 'reset'
  return mayBeSilent ? [] : ['the connection ended without an answer']
}

/** Where the upstream's answer must have come, an answer of threadtap's own is wrong. A reset may overtake it. */
function judgeFailure(one: FuzzCase, outcome: Outcome): string[] {
  const { how } = one.answer.ending
  const wrong =
    how === 'whole' || how === 'closed'
      ? [`threadtap answered ${outcome.head?.status} in the upstream's place: ${outcome.body}`]
      : []
  return [...wrong, ...judgeOwnAnswer(outcome)]
}

const judgeOwnAnswer = ({ head, body }: Outcome): string[] =>
  head?.status === 500 && body.includes('internal_error') ? [`a defect: ${body}`] : []

function judgeHead({ answer }: FuzzCase, { head }: Outcome): string[] {
  const [got, sent] = [keptFields(head?.fields ?? []), keptFields(answer.fields)]
  return [
    ...(head?.status === answer.status ? [] : [`status ${head?.status} instead of ${answer.status}`]),
    ...(got === sent ? [] : [`header fields ${JSON.stringify(got)} instead of ${JSON.stringify(sent)}`]),
  ]
}

const keptFields = (fields: readonly Field[]): string =>
  fields.filter(([name]) => /^(x-fuzz-[abc]|retry-after|x-request-id|content-type)$/i.test(name)).join('\n')

/** The client can tell half an answer from a whole one, just as the upstream's own connection would have told. */
function judgeEnd(one: FuzzCase, { isWhole }: Outcome): string[] {
  const { request, answer } = one
  if (request.leaves !== undefined || isBodiless(one)) return []
  const endsWhole = answer.ending.how === 'whole'
  if (endsWhole && !isWhole && !mayBreak(answer)) return ['the answer broke off']
  const looksWhole =
    answer.framing === 'close' ||
    (answer.framing === 'length' && writtenBody(answer).length === answer.body.length)
  return !endsWhole && isWhole && !looksWhole ? ['half an answer looks like a whole one'] : []
}

/** A damaged coding that has to be undone cannot be passed on to its end. */
const mayBreak = ({ coding, intact }: FuzzCase['answer']): boolean => coding !== 'identity' && !intact
