import { omitUndefined } from '../../../shared/omit-undefined.ts'

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

/** Asks once; redirects are not followed. Rejects where there is no HTTP response. */
export async function ask(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, { ...init, redirect: 'manual' })
  const body = await beginning(response)
  const type = response.headers.get('content-type') ?? ''
  const location = response.headers.get('location') ?? undefined
  const isWebPage = type.includes('text/html') || /^\s*<(!doctype|html|head|body)/i.test(body)
  return { status: response.status, body, isWebPage, ...omitUndefined({ location }) }
}

async function beginning(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  const reader = response.body?.getReader()
  while (reader !== undefined && bytes < maxBodyBytes) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
    bytes += value.length
  }
  await reader?.cancel()
  return Buffer.concat(chunks).toString('utf8')
}
