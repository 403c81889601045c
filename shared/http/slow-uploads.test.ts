import { request, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { httpPort } from './http-port.ts'

/** A port that answers when it has the whole body, which it reads from when it is told to. */
async function lend(windowMs: number, minBytes: number, reading = Promise.resolve()) {
  const slow: ServerResponse[] = []
  const port = httpPort(
    (incoming, outgoing) => {
      incoming.on('end', () => outgoing.end('done'))
      void reading.then(() => incoming.resume())
    },
    {
      name: 'port',
      host: '127.0.0.1',
      port: 0,
      settings: ['HOST', 'PORT'],
      slowUploads: {
        minBytesPerSecond: (minBytes * 1_000) / windowMs,
        windowMs,
        onSlowUpload(outgoing) {
          slow.push(outgoing)
          outgoing.writeHead(408, { connection: 'close' }).end('too slow')
        },
      },
    },
  )
  await port.start?.()
  onTestFinished(() => port.stop?.(AbortSignal.abort()))
  return { url: port.url(), slow }
}

/** Sends so many bytes each few ms, until there is an answer. */
async function upload(url: string, bytes: number): Promise<string> {
  const sending = request(url, { method: 'POST', agent: false })
  const timer = setInterval(() => sending.write(Buffer.alloc(bytes)), 5)
  sending.on('error', () => undefined)
  try {
    return await new Promise((resolve) => sending.on('response', (response) => resolve(text(response))))
  } finally {
    clearInterval(timer)
    sending.destroy()
  }
}

test('uploads of a byte now and then are ended, however many there are', async () => {
  const { url, slow } = await lend(50, 1_000)
  const answers = await Promise.all(Array.from({ length: 50 }, () => upload(url, 1)))
  expect(answers).toEqual(answers.map(() => 'too slow'))
  expect(slow).toHaveLength(50)
})

test('one that goes on is left alone', async () => {
  const { url, slow } = await lend(1_000, 1)
  const steady = request(url, { method: 'POST', agent: false })
  const answered = new Promise<string>((resolve) => {
    steady.on('response', (response) => resolve(text(response)))
  })
  for (let parts = 0; parts < 30; parts++) {
    steady.write(Buffer.alloc(1_000))
    await new Promise((resolve) => setTimeout(resolve, 80))
  }
  steady.end()
  expect(await answered).toBe('done')
  expect(slow).toEqual([])
})

test('one that waits for its reader is left alone', async () => {
  let read: () => void = () => undefined
  const reading = new Promise<void>((resolve) => {
    read = resolve
  })
  const { url, slow } = await lend(20, 1_000, reading)
  const waiting = request(url, { method: 'POST', agent: false })
  const answered = new Promise<string>((resolve) => {
    waiting.on('response', (response) => resolve(text(response)))
  })
  waiting.end(Buffer.alloc(10_000_000))
  await new Promise((resolve) => setTimeout(resolve, 200))
  read()
  expect(await answered).toBe('done')
  expect(slow).toEqual([])
})
