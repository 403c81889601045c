import type { Whose } from '../plan.ts'
import { registration } from '../request.ts'

/** Puts what a thread's calls will not say themselves into the context store. @throws Error when refused */
export async function register(baseUrl: string, whose: Whose): Promise<void> {
  const answer = await put(baseUrl, whose.threadId, registration(whose))
  if (!answer.ok) throw new Error(`the context store answered ${answer.status}: ${await answer.text()}`)
}

/** Whether this threadtap has a context store. */
export async function hasContextStore(baseUrl: string): Promise<boolean> {
  const answer = await put(baseUrl, 'is-anybody-there', { user_id: 'nobody' })
  await answer.body?.cancel()
  return answer.ok
}

function put(baseUrl: string, threadId: string, context: unknown): Promise<Response> {
  return fetch(new URL(`/_threadtap/contexts/${threadId}`, baseUrl), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(context),
  })
}
