import { joinQuery } from '../../proxy/ingress/join-query.ts'
import { isJsonObject, parseJson } from '../../shared/json.ts'
import { type Answer, ask, type Question } from './reach/ask.ts'

/** An empty request names no model: a model API refuses it, and generates nothing. */
const emptyCall = { method: 'POST', body: '{}' } as const

/**
 * Whether a base URL leads to a model API: it lists models, or knows where calls go.
 * @param query that of the upstream's settings
 */
export async function isModelApi(
  base: string,
  query: string | undefined,
  question: Question,
): Promise<boolean> {
  const models = await ask(joinQuery(`${base}/models`, query), question).catch(() => undefined)
  if (models !== undefined && (listsModels(models) || wantsCredentials(models))) return true
  const headers = { ...question.headers, 'content-type': 'application/json' }
  const calls = ['chat/completions', 'messages'].map((path) =>
    ask(joinQuery(`${base}/${path}`, query), { ...question, ...emptyCall, headers }).catch(() => undefined),
  )
  const answers = await Promise.all(calls)
  return answers.some((answer) => answer !== undefined && takesCalls(answer))
}

/** `data` of OpenAI's API and of Anthropic's, `models` of Gemini's and Ollama's, a bare list of Together's. */
export function listsModels({ status, body }: Answer): boolean {
  if (status < 200 || status >= 300) return false
  const list = parseJson(body)
  return Array.isArray(list) || (isJsonObject(list) && [list.data, list.models].some(Array.isArray))
}

/** Nothing more is told to who has no key; a page that asks for a password is no API. */
export const wantsCredentials = ({ status, isWebPage }: Answer): boolean =>
  [401, 403, 429].includes(status) && !isWebPage

/** Of an answer to an empty call. Anything may answer 200; only a model answers it with something generated. */
function takesCalls({ status, body, isWebPage }: Answer): boolean {
  if (isWebPage) return false
  const answer = parseJson(body)
  // Also says that there is no such model, of an endpoint that is there.
  if (status === 404) return isJsonObject(answer) && /model/i.test(body)
  if (status >= 200 && status < 300)
    return isJsonObject(answer) && ('choices' in answer || 'content' in answer)
  return status >= 400 && status < 500 && status !== 405
}
