import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { expectedBody } from './model.ts'

/** In which part of a run a call began. */
export type Phase = 'before' | 'during' | 'after'

/** What a client saw of one call. */
export type CallOutcome = {
  readonly phase: Phase
  /** Named by the client; the record bears it too. */
  readonly traceId: string
  readonly ms: number
  /** Whether threadtap responded, so that there must be a record. */
  readonly reached: boolean
  /** How it differed from what the model sends; absent where every byte was equal. */
  readonly difference?: string
}

export type Calls = {
  /** Makes that many calls, a few at a time; half of them are streams. */
  make(calls: number, options?: CallOptions): Promise<readonly CallOutcome[]>
  readonly outcomes: readonly CallOutcome[]
  close(): Promise<void>
}

export type CallOptions = {
  readonly atOnce?: number
  /** Pause of each client between two of its calls. */
  readonly everyMs?: number
  /** Text added to the prompt. */
  readonly padding?: string
}

/** Longer than anything that a call may wait for; a call that hangs is a finding, not a hang of the run. */
const patienceMs = 30_000

/** @param baseUrl and @param phase asked at each call: a process that is restarted has another address */
export function createCalls(baseUrl: () => string, phase: () => Phase): Calls {
  const outcomes: CallOutcome[] = []
  const agent = new Agent({ headersTimeout: patienceMs, bodyTimeout: patienceMs })

  async function makeOne(stream: boolean, padding: string): Promise<CallOutcome> {
    const call = { word: `word-${randomBytes(6).toString('hex')}`, stream }
    const begun = { phase: phase(), traceId: randomBytes(16).toString('hex') }
    const startedAt = performance.now()
    const seen = await exchange(agent, baseUrl(), { ...call, traceId: begun.traceId, padding })
    const ms = performance.now() - startedAt
    const outcome = { ...begun, ms, reached: seen.reached, ...differenceOf(seen, expectedBody(call)) }
    outcomes.push(outcome)
    return outcome
  }

  return {
    outcomes,
    async make(calls, { atOnce = 8, everyMs = 0, padding = '' } = {}) {
      const made: CallOutcome[] = []
      let left = calls
      await Promise.all(
        Array.from({ length: Math.min(atOnce, calls) }, async () => {
          while (left > 0) {
            made.push(await makeOne(left-- % 2 === 0, padding))
            if (everyMs > 0) await pause(everyMs)
          }
        }),
      )
      return made
    },
    close: () => agent.destroy(),
  }
}

type Seen =
  | { readonly reached: boolean; readonly failure: string }
  | { readonly reached: true; readonly status: number; readonly body: string }

async function exchange(
  dispatcher: Agent,
  baseUrl: string,
  { word, stream, traceId, padding }: { word: string; stream: boolean; traceId: string; padding: string },
): Promise<Seen> {
  let reached = false
  try {
    const messages = [{ role: 'user', content: `Say ${word}. ${padding}` }]
    const { statusCode, headers, body } = await request(`${baseUrl}/chat/completions`, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-trace-id': traceId },
      body: JSON.stringify({ model: 'gpt-4o-mini', stream, messages }),
    })
    reached = headers['x-call-id'] !== undefined
    return { reached: true, status: statusCode, body: await body.text() }
  } catch (cause) {
    return { reached, failure: cause instanceof Error ? cause.message : String(cause) }
  }
}

function differenceOf(seen: Seen, expected: string): { readonly difference?: string } {
  if ('failure' in seen) return { difference: seen.failure }
  if (seen.status !== 200) return { difference: `status ${seen.status}` }
  if (seen.body === expected) return {}
  return { difference: `${seen.body.length} bytes instead of ${expected.length}` }
}
