import type { Random } from './random.ts'

/** One call of the test: whose it is, how it says so, and what happens to it on the way. Plain data. */
export type CallPlan = {
  /** Words in the question and repeated in the answer: `word-<8 hex>`, no two alike. */
  readonly word: string
  readonly whose: Whose
  readonly says: HowItSays
  readonly stream: boolean
  /** How long the model thinks before its answer, and between two pieces of it. */
  readonly thinkMs: number
  readonly pauseMs: number
  readonly fate: Fate
}

/** Every text in here is `<kind>-<8 hex>`, so that it is known again wherever it turns up. */
export type Whose = {
  readonly threadId: string
  /** Absent: the thread is the session. */
  readonly sessionId?: string
  readonly userId: string
  readonly agentKey?: string
  /** 32 hex. */
  readonly traceId: string
  readonly tags: readonly string[]
  readonly mark: string
}

/** `registered`: the call brings its thread id alone, the rest was put into the context store before. */
export type HowItSays = 'headers' | 'traceparent' | 'body' | 'registered'

export type Fate =
  | { readonly kind: 'completes' }
  /** The model breaks its connection in the middle of the answer. */
  | { readonly kind: 'cut' }
  /** The client goes away: a while after it asked, or once it has the first piece of the answer. */
  | { readonly kind: 'leaves_before_answer'; readonly afterMs: number }
  | { readonly kind: 'leaves_within_answer' }

/** What the model answers: the same words in one piece or in many. */
export const sentenceOf = ({ word }: CallPlan): string => `You said ${word}, and nobody else did.`

/**
 * @param count how many calls
 * @param hasStore whether threads can be registered before their calls
 */
export function planCalls(count: number, random: Random, hasStore: boolean): readonly CallPlan[] {
  const plans: CallPlan[] = []
  while (plans.length < count) {
    const before = plans.at(-1)
    // Some clients share a thread, and with it session and user; nothing else.
    const sharesThread = before !== undefined && before.says !== 'registered' && random.chance(0.2)
    plans.push(planCall(random, count, hasStore, sharesThread ? before.whose : undefined))
  }
  return plans
}

function planCall(random: Random, count: number, hasStore: boolean, shared: Whose | undefined): CallPlan {
  const says = howItSays(random, hasStore && shared === undefined)
  return {
    word: `word-${random.hex8()}`,
    whose: { ...(shared === undefined ? newThread(random) : threadOf(shared)), ...newCall(random) },
    says,
    stream: random.chance(0.6),
    thinkMs: random.between(0, 300),
    pauseMs: random.between(0, 20),
    fate: fateOf(random, count),
  }
}

function howItSays(random: Random, mayRegister: boolean): HowItSays {
  if (mayRegister && random.chance(0.15)) return 'registered'
  if (random.chance(0.2)) return 'body'
  return random.chance(0.3) ? 'traceparent' : 'headers'
}

const newThread = (random: Random) => ({
  threadId: `thread-${random.hex8()}`,
  ...(random.chance(0.7) && { sessionId: `session-${random.hex8()}` }),
  userId: `user-${random.hex8()}`,
})

const threadOf = ({ threadId, sessionId, userId }: Whose) => ({
  threadId,
  ...(sessionId !== undefined && { sessionId }),
  userId,
})

const newCall = (random: Random) => ({
  ...(random.chance(0.25) && { agentKey: `agent-${random.hex8()}` }),
  traceId: `${random.hex8()}${random.hex8()}${random.hex8()}${random.hex8()}`,
  tags: Array.from({ length: random.between(1, 3) }, () => `tag-${random.hex8()}`),
  mark: `mark-${random.hex8()}`,
})

/** Some leave before the model has heard of them, some while it thinks: many calls take longer to be open. */
function fateOf(random: Random, count: number): Fate {
  const leaveWithinMs = Math.max(400, count)
  if (random.chance(0.08)) return { kind: 'cut' }
  if (random.chance(0.06)) return { kind: 'leaves_before_answer', afterMs: random.between(0, leaveWithinMs) }
  if (random.chance(0.06)) return { kind: 'leaves_within_answer' }
  return { kind: 'completes' }
}
