import { Agent, request } from 'undici'
import type { CallPlan } from './plan.ts'
import { requestFor } from './request.ts'

/** What a caller saw of its call; plain data, so that it can cross to another thread or process. */
export type CallReport = {
  readonly word: string
  readonly outcome: 'completed' | 'cut' | 'left' | 'refused'
  /** As far as there was an answer. */
  readonly status?: number
  readonly callId?: string
  readonly threadId?: string
  readonly sessionId?: string
  readonly traceId?: string
  readonly text: string
  /** Why it was cut or refused. */
  readonly reason?: string
}

/** Makes all calls at once. @param baseUrl as applications have it, with `/v1` */
export async function makeCalls(baseUrl: string, plans: readonly CallPlan[]): Promise<readonly CallReport[]> {
  // A connection each, as separate applications would have: undici's own agent has no limit.
  const agent = new Agent({ connect: { timeout: 60_000 } })
  const reports = await Promise.all(plans.map((plan) => makeCall(baseUrl, plan, agent)))
  await agent.destroy()
  return reports
}

async function makeCall(baseUrl: string, plan: CallPlan, dispatcher: Agent): Promise<CallReport> {
  const { word, fate } = plan
  const leave = new AbortController()
  const timer =
    fate.kind === 'leaves_before_answer' ? setTimeout(() => leave.abort(), fate.afterMs) : undefined
  let seen: Pick<CallReport, 'status'> = {}
  let text = ''
  try {
    const { statusCode, headers, body } = await request(`${baseUrl}/chat/completions`, {
      method: 'POST',
      dispatcher,
      signal: leave.signal,
      ...requestFor(plan),
    })
    seen = { status: statusCode, ...idsIn(headers) }
    for await (const chunk of body.setEncoding('utf8')) {
      text += chunk
      if (fate.kind === 'leaves_within_answer') leave.abort()
    }
    return { word, outcome: statusCode === 200 ? 'completed' : 'refused', ...seen, text }
  } catch (cause) {
    return { word, outcome: leave.signal.aborted ? 'left' : 'cut', ...seen, text, reason: String(cause) }
  } finally {
    clearTimeout(timer)
  }
}

function idsIn(headers: Readonly<Record<string, string | string[] | undefined>>): Partial<CallReport> {
  const ids = {
    callId: headers['x-call-id'],
    threadId: headers['x-thread-id'],
    sessionId: headers['x-session-id'],
    traceId: headers['x-trace-id'],
  }
  return Object.fromEntries(Object.entries(ids).filter(([, value]) => typeof value === 'string'))
}
