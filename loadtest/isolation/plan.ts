import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { Random } from '../random/random.ts'

/** One call of the test: its attribution, where the request carries it, and what happens to the call. Plain data. */
export type CallPlan = {
  /** Unique word in the question, repeated in the reply: `word-<8 hex>`. */
  readonly word: string
  readonly attribution: Attribution
  readonly source: AttributionSource
  readonly stream: boolean
  /** Delay of the model before its response, and between two chunks of it. */
  readonly responseDelayMs: number
  readonly chunkIntervalMs: number
  readonly scenario: Scenario
}

/** Every value is `<kind>-<8 hex>`, so that it can be found anywhere. */
export type Attribution = {
  readonly threadId: string
  /** When absent, the thread is the session. */
  readonly sessionId?: string
  readonly userId: string
  readonly agentKey?: string
  /** 32 hex. */
  readonly traceId: string
  readonly tags: readonly string[]
  readonly mark: string
}

/** `registered`: the call carries only its thread id; the rest is in the context store. */
export type AttributionSource = 'headers' | 'traceparent' | 'body' | 'registered'

export type Scenario =
  | { readonly kind: 'completes' }
  /** The model breaks the connection in the middle of the response. */
  | { readonly kind: 'upstream_aborts' }
  /** The client aborts: some time after its request, or on the first chunk of the response. */
  | { readonly kind: 'client_aborts_before_response'; readonly afterMs: number }
  | { readonly kind: 'client_aborts_during_response' }

/** The model's reply, streamed or not. */
export const expectedReply = ({ word }: CallPlan): string => `You said ${word}, and nobody else did.`

/**
 * @param count number of calls
 * @param hasContextStore whether threads can be registered before their calls
 */
export function planCalls(count: number, random: Random, hasContextStore: boolean): readonly CallPlan[] {
  const plans: CallPlan[] = []
  while (plans.length < count) {
    const before = plans.at(-1)
    // Some clients share a thread and its session and user, but nothing else.
    const sharesThread = before !== undefined && before.source !== 'registered' && random.chance(0.2)
    plans.push(planCall(random, count, hasContextStore, sharesThread ? before.attribution : undefined))
  }
  return plans
}

function planCall(
  random: Random,
  count: number,
  hasContextStore: boolean,
  shared: Attribution | undefined,
): CallPlan {
  const source = pickSource(random, hasContextStore && shared === undefined)
  return {
    word: named('word', random),
    attribution: { ...(shared === undefined ? newThread(random) : sharedThread(shared)), ...newCall(random) },
    source,
    stream: random.chance(0.6),
    responseDelayMs: random.integer(0, 300),
    chunkIntervalMs: random.integer(0, 20),
    scenario: pickScenario(random, count),
  }
}

function pickSource(random: Random, mayRegister: boolean): AttributionSource {
  if (mayRegister && random.chance(0.15)) return 'registered'
  if (random.chance(0.2)) return 'body'
  return random.chance(0.3) ? 'traceparent' : 'headers'
}

const newThread = (random: Random) =>
  omitUndefined({
    threadId: named('thread', random),
    sessionId: random.chance(0.7) ? named('session', random) : undefined,
    userId: named('user', random),
  })

const sharedThread = ({ threadId, sessionId, userId }: Attribution) =>
  omitUndefined({ threadId, sessionId, userId })

const newCall = (random: Random) =>
  omitUndefined({
    agentKey: random.chance(0.25) ? named('agent', random) : undefined,
    traceId: random.bytes(16).toString('hex'),
    tags: Array.from({ length: random.integer(1, 3) }, () => named('tag', random)),
    mark: named('mark', random),
  })

/** Some clients abort before the model receives the call, some later: opening many calls takes longer. */
function pickScenario(random: Random, count: number): Scenario {
  const abortWithinMs = Math.max(400, count)
  if (random.chance(0.08)) return { kind: 'upstream_aborts' }
  if (random.chance(0.06))
    return { kind: 'client_aborts_before_response', afterMs: random.integer(0, abortWithinMs) }
  if (random.chance(0.06)) return { kind: 'client_aborts_during_response' }
  return { kind: 'completes' }
}

/** A name that nothing else in a run has. */
const named = (what: string, random: Random): string => `${what}-${random.bytes(4).toString('hex')}`
