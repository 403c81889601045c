import { holdConversations } from '../../demo/conversations.ts'
import type { Monitored } from './monitored.ts'

/** What the demo's threads do, once. */
export const demoLoad = ({ baseUrl }: Monitored): Promise<void> => holdConversations(baseUrl)

/** What else a dashboard shows: bills, list prices, estimates, limits, retries, refusals, a stream that breaks. */
export async function furtherLoad({ providersUrl }: Monitored): Promise<void> {
  await Promise.all([
    call(providersUrl, 'billing-model'),
    call(providersUrl, 'gpt-4o'),
    call(providersUrl, 'gpt-4o-mini', { stream: true }),
    call(providersUrl, 'gpt-4o-mini', { stream: true }, { 'x-stainless-retry-count': '1' }),
    call(providersUrl, 'refusing-model'),
    call(providersUrl, 'breaking-model', { stream: true }),
    post(`${providersUrl}/embeddings`, { model: 'refusing-model', input: 'warm places' }),
  ])
}

type Headers = Readonly<Record<string, string>>

function call(baseUrl: string, model: string, more: object = {}, headers: Headers = {}): Promise<void> {
  const messages = [{ role: 'user', content: 'Say hello.' }]
  return post(`${baseUrl}/chat/completions`, { model, messages, ...more }, headers)
}

async function post(url: string, body: object, headers: Headers = {}): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  await response.text()
}
