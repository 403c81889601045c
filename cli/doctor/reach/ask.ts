import { request } from 'undici'
import { omitUndefined } from '../../../shared/omit-undefined.ts'

export type Question = {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal
}

/** What a server said. */
export type Answer = {
  readonly status: number
  /** The beginning of the body. */
  readonly body: string
  readonly isWebPage: boolean
  /** Where a redirect leads. */
  readonly location?: string
}

/** Enough to know what it is. */
const maxBodyBytes = 65_536

/**
 * Asks once, as relay and sinks ask: redirects are not followed, and no port is refused, as browsers and `fetch` refuse some.
 * Rejects where there is no HTTP response.
 */
export async function ask(url: string, question: Question): Promise<Answer> {
  const { statusCode: status, headers, body: stream } = await request(url, question)
  const body = await beginning(stream)
  const type = String(headers['content-type'] ?? '')
  const location = [headers.location].flat()[0]
  const isWebPage = type.includes('text/html') || /^\s*<(!doctype|html|head|body)/i.test(body)
  return { status, body, isWebPage, ...omitUndefined({ location }) }
}

async function beginning(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= maxBodyBytes) break
  }
  return Buffer.concat(chunks).toString('utf8')
}
