import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { answerBytes, frameBytes, framesPerStream } from './sizes.ts'

const answer = padded(answerBytes, (text) =>
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 200, total_tokens: 210 },
  }),
)

const frame = padded(frameBytes, (text) => {
  const chunk = {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'm',
    choices: [{ index: 0, delta: { content: text }, finish_reason: null }],
    usage: null,
  }
  return `data: ${JSON.stringify(chunk)}\n\n`
})

const usageFrame =
  'data: {"id":"chatcmpl-1","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":200,"total_tokens":210}}\n\n'

function padded(bytes: number, render: (text: string) => string): string {
  return render('x'.repeat(bytes - render('').length))
}

/** The upstream of the measurement: answers at once, streams one frame per turn of the event loop. */
const server = createServer(async (incoming, outgoing) => {
  const body = (await json(incoming)) as { stream?: boolean }
  if (body.stream !== true) {
    outgoing
      .writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length })
      .end(answer)
    return
  }
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
  let sent = 0
  const next = (): void => {
    if (outgoing.destroyed) return
    if (sent++ === framesPerStream) return void outgoing.end(`${usageFrame}data: [DONE]\n\n`)
    outgoing.write(frame)
    setImmediate(next)
  }
  next()
})

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
