import { frameBytes, responseBytes } from '../../overhead/sizes.ts'
import { stamp } from '../../overhead/stamp.ts'

const usage = { prompt_tokens: 10, completion_tokens: 200, total_tokens: 210 }

/** A chat completion of 1.2 KB. */
export const answer = Buffer.from(
  padded(responseBytes, (content) =>
    JSON.stringify({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
      usage,
    }),
  ),
)

const frameWith = (content: string): string =>
  `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'm',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
    usage: null,
  })}\n\n`

const mark = 'STAMP'
const [beforeStamp = '', afterStamp = ''] = padded(frameBytes, (text) => frameWith(mark + text)).split(mark)

/** One frame of a stream that says when it was written, of 295 bytes and the stamp. */
export const stampedFrame = (): string => `${beforeStamp}${stamp()}${afterStamp}`

/** The frame that carries the usage, as it comes when it was asked for, and the end. */
export const endOfStream = `data: ${JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1_700_000_000,
  model: 'm',
  choices: [],
  usage,
})}\n\ndata: [DONE]\n\n`

function padded(bytes: number, render: (text: string) => string): string {
  return render('x'.repeat(bytes - render('').length))
}
