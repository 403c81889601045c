import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  frameBytes,
  framesPerStream,
  pacedFrameMs,
  pacedFrames,
  responseBytes,
  slowResponseMs,
} from './sizes.ts'
import { stamp } from './stamp.ts'

const response = padded(responseBytes, (text) =>
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 200, total_tokens: 210 },
  }),
)

const frameOf = (beginning: string): string => padded(frameBytes, (text) => frameWith(beginning + text))

function frameWith(content: string): string {
  const chunk = {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'm',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
    usage: null,
  }
  return `data: ${JSON.stringify(chunk)}\n\n`
}

const frame = frameOf('')

const usageFrame =
  'data: {"id":"chatcmpl-1","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":200,"total_tokens":210}}\n\n'

function padded(bytes: number, render: (text: string) => string): string {
  return render('x'.repeat(bytes - render('').length))
}

const end = `${usageFrame}data: [DONE]\n\n`

/** One frame per turn of the event loop. */
function streamPromptly(outgoing: ServerResponse): void {
  let sent = 0
  const next = (): void => {
    if (outgoing.destroyed) return
    if (sent++ === framesPerStream) return void outgoing.end(end)
    outgoing.write(frame)
    setImmediate(next)
  }
  next()
}

/** One stamped frame per interval. */
function streamPaced(outgoing: ServerResponse): void {
  let sent = 0
  const timer = setInterval(() => {
    if (sent++ < pacedFrames && !outgoing.destroyed) return void outgoing.write(frameOf(stamp()))
    clearInterval(timer)
    outgoing.end(end)
  }, pacedFrameMs)
}

/** The upstream: model `slow` delays its response, `paced` streams slowly, any other responds at once. */
const server = createServer(async (incoming, outgoing) => {
  const body = (await json(incoming)) as { model?: string; stream?: boolean }
  if (body.stream === true) {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    return body.model === 'paced' ? streamPaced(outgoing) : streamPromptly(outgoing)
  }
  if (body.model === 'slow') await sleep(slowResponseMs)
  outgoing
    .writeHead(200, { 'content-type': 'application/json', 'content-length': response.length })
    .end(response)
})

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
