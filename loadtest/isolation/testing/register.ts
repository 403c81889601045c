import type { Attribution } from '../plan.ts'
import { registration } from '../request.ts'

/** Registers the attribution of a thread in the context store. @throws Error when rejected */
export async function register(baseUrl: string, attribution: Attribution): Promise<void> {
  const response = await put(baseUrl, attribution.threadId, registration(attribution))
  if (!response.ok)
    throw new Error(`the context store responded ${response.status}: ${await response.text()}`)
}

/** Whether this threadtap has a context store. */
export async function hasContextStore(baseUrl: string): Promise<boolean> {
  const response = await put(baseUrl, 'probe', { user_id: 'probe' })
  await response.body?.cancel()
  return response.ok
}

function put(baseUrl: string, threadId: string, context: unknown): Promise<Response> {
  return fetch(new URL(`/_threadtap/contexts/${threadId}`, baseUrl), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(context),
  })
}
