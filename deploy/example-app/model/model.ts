// Stands in for a model API, so that the example needs no account. Node 22.18 and newer runs this file as it is.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

type Request = { readonly model: string; readonly messages: readonly { readonly content: string }[] }

const words = (text: string): number => text.split(' ').length

function completion({ model, messages }: Request): object {
  const asked = messages.at(-1)?.content ?? ''
  const content = `You said: ${asked}`
  return {
    id: `chatcmpl-${Date.now()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1_000),
    model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: words(asked),
      completion_tokens: words(content),
      total_tokens: words(asked) + words(content),
    },
  }
}

const server = createServer((incoming, outgoing) => {
  if (incoming.method !== 'POST') {
    outgoing.end('ok\n')
    return
  }
  json(incoming).then(
    (request) =>
      outgoing
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(completion(request as Request))),
    () => outgoing.destroy(),
  )
})
server.listen(Number(process.env.PORT ?? 8000), process.env.HOST, () =>
  process.stdout.write(`listening on ${(server.address() as AddressInfo).port}\n`),
)
process.once('SIGTERM', () => server.close(() => process.exit()))
