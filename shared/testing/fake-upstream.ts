import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it reached the upstream. */
export type ReceivedRequest = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

export type Answer = (request: ReceivedRequest, outgoing: ServerResponse) => void | Promise<void>

export type FakeUpstream = {
  /** `http://127.0.0.1:<port>`, without `/v1`. */
  readonly origin: string
  readonly requests: ReceivedRequest[]
  /** Responds to the next requests. */
  answer: Answer
  /** Resolves when the other side closes a connection before the response is complete. */
  readonly nextAbort: () => Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** An upstream API on a free port of 127.0.0.1, with scripted responses and a log of its requests. */
export async function startFakeUpstream(answer: Answer = answerJson({ ok: true })): Promise<FakeUpstream> {
  const requests: ReceivedRequest[] = []
  const abortListeners: (() => void)[] = []
  const server = createServer({ maxHeaderSize: 65_536 }, (incoming, outgoing) => {
    outgoing.on('close', () => {
      if (!outgoing.writableFinished) for (const notify of abortListeners.splice(0)) notify()
    })
    void receive(incoming).then(
      (request) => {
        requests.push(request)
        return upstream.answer(request, outgoing)
      },
      () => undefined,
    )
  })
  server.maxHeadersCount = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const upstream: FakeUpstream = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer,
    nextAbort: () => new Promise((resolve) => abortListeners.push(resolve)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return upstream
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const { method = '', url = '', headers, rawHeaders } = incoming
  return { method, url, headers, rawHeaders, body: Buffer.concat(chunks) }
}

export function answerJson(
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return (_request, outgoing) => {
    const body = JSON.stringify(value)
    outgoing.writeHead(status, {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    })
    outgoing.end(body)
  }
}

/** Writes each part separately, so that it is sent as a chunk of its own. */
export function answerStream(
  parts: readonly (string | Buffer)[],
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return async (_request, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...headers })
    for (const part of parts) {
      if (outgoing.destroyed) return
      outgoing.write(part)
      await new Promise((resolve) => setImmediate(resolve))
    }
    outgoing.end()
  }
}

/** The server-sent events of a chat completion, `[DONE]` last. */
export function chatEvents(words: readonly string[], usage?: Readonly<Record<string, unknown>>): string[] {
  const chunk = (fields: object): string =>
    `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o-mini-2024-07-18', ...fields })}\n\n`
  const delta = (value: object, finish: string | null = null) =>
    chunk({ choices: [{ index: 0, delta: value, finish_reason: finish }] })
  return [
    delta({ role: 'assistant', content: '' }),
    ...words.map((content) => delta({ content })),
    delta({}, 'stop'),
    ...(usage === undefined ? [] : [chunk({ choices: [], usage })]),
    'data: [DONE]\n\n',
  ]
}
