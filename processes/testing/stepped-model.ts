import { onTestFinished } from 'vitest'
import { type Answer, chatEvents, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { run } from './processes.ts'

/** A model that writes a word of its stream whenever it is told to. */
function steppedModel(words: readonly string[]) {
  const waiting: (() => void)[] = []
  let steps = 0
  const answer: Answer = async (_request, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const event of chatEvents(words)) {
      while (steps === 0) await new Promise<void>((resolve) => waiting.push(resolve))
      steps -= 1
      outgoing.write(event)
    }
    outgoing.end()
  }
  return {
    answer,
    step(count = 1) {
      steps += count
      for (const resolve of waiting.splice(0)) resolve()
    },
  }
}

/** A threadtap before such a model. */
export async function startWithSteppedModel(
  words: readonly string[],
  env: Record<string, string> = {},
  command: 'start' | 'proxy' = 'start',
) {
  const model = steppedModel(words)
  const upstream = await startFakeUpstream(model.answer)
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const threadtap = await run(command, {
    DATA_DIR: tempDir(),
    PORT: '0',
    ADMIN_PORT: '0',
    UPSTREAM_BASE_URL: `${upstream.origin}/v1`,
    ...env,
  })
  const call = (headers: Record<string, string> = {}): Promise<string> =>
    fetch(`${threadtap.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'Hi' }] }),
    }).then((response) => response.text())
  return { model, threadtap, call }
}
