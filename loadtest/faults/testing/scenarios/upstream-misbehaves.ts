import { answerStream } from '../../../../shared/testing/fake-upstream.ts'
import type { Scenario } from '../scenario.ts'

const oneEvent = (content: string): string =>
  `data: ${JSON.stringify({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content } }] })}`

/** Answers that are no good stream, as the chunks that are sent. */
const answers: Readonly<Record<string, readonly Buffer[]>> = {
  'invalid UTF-8': [
    Buffer.from('data: {"choices":[{"delta":{"content":"'),
    Buffer.from([0xff, 0xfe, 0xc3, 0x28]),
    Buffer.from('"}}]}\n\n'),
  ],
  'a character and a line end cut in two': splitEach(
    Buffer.from(`${oneEvent('é€😀')}\r\n\r\ndata: [DONE]\r\n\r\n`),
  ),
  'no [DONE]': [Buffer.from(`${oneEvent('end')}\n\n`)],
  'an event of 8 MB': [Buffer.from(`${oneEvent('x'.repeat(8_000_000))}\n\ndata: [DONE]\n\n`)],
  'no JSON': [Buffer.from('data: {{{\n\nevent: nonsense\n: comment\n\n\n\n'), Buffer.from([0])],
  'no line end at all': [Buffer.from(oneEvent('never'))],
}

export const upstreamMisbehaves: Scenario = {
  name: 'upstream-misbehaves',
  injected: `streams with ${Object.keys(answers).join(', ')}`,
  demands: 'Every byte goes on as it came, each call has a record, and the calls beside it feel nothing.',
  world: { deployment: 'start', env: { INJECT_USAGE: 'never' } },
  quick: false,
  async inject({ world, check }) {
    const { upstream } = world.model
    const usual = upstream.answer
    for (const [what, chunks] of Object.entries(answers)) {
      upstream.answer = answerStream(chunks)
      const response = await fetch(`${world.proxy.baseUrl()}/chat/completions`, {
        method: 'POST',
        body: JSON.stringify({ model: 'm', stream: true, messages: [] }),
      })
      const received = Buffer.from(await response.arrayBuffer())
      check(
        received.equals(Buffer.concat(chunks)),
        `${what}: ${received.length} bytes, and not the ones that were sent`,
      )
    }
    upstream.answer = usual
  },
  async verify({ world, calls, check }) {
    const { accepted } = await world.proxy.ledger()
    const records = accepted - calls.outcomes.length
    check(
      records === Object.keys(answers).length,
      `${records} records of ${Object.keys(answers).length} odd streams`,
    )
  },
  expects: { ownRecords: Object.keys(answers).length },
}

function splitEach(bytes: Buffer): readonly Buffer[] {
  return Array.from({ length: bytes.length }, (_, at) => bytes.subarray(at, at + 1))
}
