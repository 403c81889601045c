import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { chatEvents, startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { freePort } from '../../shared/testing/private-redis.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { run } from '../testing/processes.ts'

test.each([
  ['refuses connections', async () => freePort()],
  ['accepts connections and says nothing', silentServer],
])('a worker whose Redis %s ends when it is asked to', async (_, port) => {
  const worker = await run('worker', {
    REDIS_URL: `redis://127.0.0.1:${await port()}`,
    DATA_DIR: tempDir(),
    LOG_LEVEL: 'info',
  })
  expect(await worker.stop()).toBe(0)
  expect(worker.stderr()).toContain('"msg":"stopped"')
})

test('after SIGTERM new calls are served while a stream goes on; both are recorded', async () => {
  const [head = '', ...rest] = chatEvents(['Hello'], { total_tokens: 1 })
  let finish: () => void = () => undefined
  const upstream = await startFakeUpstream((request, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    outgoing.write(head)
    const end = () => outgoing.end(rest.join(''))
    if (request.headers['x-request-id'] === 'long') finish = end
    else end()
  })
  onTestFinished(() => upstream[Symbol.asyncDispose]())
  const env = { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${upstream.origin}/v1`, LOG_LEVEL: 'info' }
  const threadtap = await run('start', env)
  const call = (id: string): Promise<Response> =>
    fetch(`${threadtap.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'x-request-id': id },
      body: '{"model":"m","stream":true,"messages":[]}',
    })
  const long = await call('long')
  const stopped = threadtap.stop()
  while (!threadtap.stderr().includes('"msg":"stopping"'))
    await new Promise((resolve) => setImmediate(resolve))
  const meanwhile = await call('short')
  expect(meanwhile.headers.get('connection')).toBe('close')
  expect(await meanwhile.text()).toContain('[DONE]')
  finish()
  expect(await long.text()).toContain('[DONE]')
  expect(await stopped).toBe(0)

  const next = await run('start', env)
  expect(await next.waitForLedger(() => true)).toMatchObject({ accepted: 2 })
})

test('a process of which a part hangs ends, although a thread waits for a file that never answers', async () => {
  const folder = tempDir()
  const [pipe, preload] = [join(folder, 'pipe'), join(folder, 'hang.mjs')]
  execFileSync('mkfifo', [pipe])
  writeFileSync(
    preload,
    `import { open } from 'node:fs'
     import { Server } from 'node:net'
     import { isMainThread } from 'node:worker_threads'
     if (isMainThread) {
       Server.prototype.close = function () { return this }
       open(${JSON.stringify(pipe)}, () => undefined)
     }`,
  )
  const threadtap = await run('start', {
    DATA_DIR: tempDir(),
    SHUTDOWN_TIMEOUT: '1',
    NODE_OPTIONS: `--import ${pathToFileURL(preload)}`,
  })
  expect(await threadtap.stop()).not.toBe(0)
  expect(threadtap.stderr()).toContain('threadtap stopped without waiting for data port')
})

async function silentServer(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => undefined).resume())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as { port: number }).port
}
