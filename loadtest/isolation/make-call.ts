import { Agent, request } from 'undici'
import type { CallPlan } from './plan.ts'
import { requestFor } from './request.ts'

/** A call as its caller saw it; plain data, so that it can be sent to another thread or process. */
export type CallReport = {
  readonly word: string
  readonly outcome: 'completed' | 'truncated' | 'aborted' | 'rejected'
  /** Absent when there was no response. */
  readonly status?: number
  readonly callId?: string
  readonly threadId?: string
  readonly sessionId?: string
  readonly traceId?: string
  readonly text: string
  /** The error, when the call did not complete. */
  readonly reason?: string
}

/** Makes all calls concurrently. @param baseUrl as applications set it, with `/v1` */
export async function makeCalls(baseUrl: string, plans: readonly CallPlan[]): Promise<readonly CallReport[]> {
  // One connection per call, as separate applications would have: undici's Agent has no limit by default.
  const agent = new Agent({ connect: { timeout: 60_000 } })
  const reports = await Promise.all(plans.map((plan) => makeCall(baseUrl, plan, agent)))
  await agent.destroy()
  return reports
}

async function makeCall(baseUrl: string, plan: CallPlan, dispatcher: Agent): Promise<CallReport> {
  const { word, scenario } = plan
  const abort = new AbortController()
  const timer =
    scenario.kind === 'client_aborts_before_response'
      ? setTimeout(() => abort.abort(), scenario.afterMs)
      : undefined
  let response: Pick<CallReport, 'status'> = {}
  let text = ''
  try {
    const { statusCode, headers, body } = await request(`${baseUrl}/chat/completions`, {
      method: 'POST',
      dispatcher,
      signal: abort.signal,
      ...requestFor(plan),
    })
    response = { status: statusCode, ...idsIn(headers) }
    for await (const chunk of body.setEncoding('utf8')) {
      text += chunk
      if (scenario.kind === 'client_aborts_during_response') abort.abort()
    }
    return { word, outcome: statusCode === 200 ? 'completed' : 'rejected', ...response, text }
  } catch (cause) {
    return {
      word,
      outcome: abort.signal.aborted ? 'aborted' : 'truncated',
      ...response,
      text,
      reason: String(cause),
    }
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
