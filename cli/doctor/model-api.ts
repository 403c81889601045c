import { joinQuery } from '../../proxy/ingress/join-query.ts'
import { isJsonObject, parseJson } from '../../shared/json.ts'
import { type Answer, ask } from './reach/ask.ts'

/** An empty request names no model: a model API refuses it, and generates nothing. */
const emptyCall = { method: 'POST', body: '{}' }

/**
 * Whether a base URL leads to a model API: it lists models, or knows where calls go.
 * @param query that of the upstream's settings
 */
export async function isModelApi(
  base: string,
  query: string | undefined,
  init: RequestInit,
): Promise<boolean> {
  const models = await ask(joinQuery(`${base}/models`, query), init).catch(() => undefined)
  if (models !== undefined && !models.isWebPage && isKnown(models)) return true
  const headers = { ...init.headers, 'content-type': 'application/json' }
  const calls = ['chat/completions', 'messages'].map((path) =>
    ask(joinQuery(`${base}/${path}`, query), { ...init, ...emptyCall, headers }).catch(() => undefined),
  )
  const answers = await Promise.all(calls)
  return answers.some((answer) => answer !== undefined && !answer.isWebPage && isKnown(answer))
}

/** 404 also says that there is no such model, of an endpoint that is there. */
function isKnown({ status, body }: Answer): boolean {
  if (status === 404) return isJsonObject(parseJson(body)) && /model/i.test(body)
  return status !== 405 && status < 500 && (status < 300 || status >= 400)
}
