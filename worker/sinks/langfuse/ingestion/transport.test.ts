import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { Json } from '../../../../shared/json.ts'
import type { InferenceRecord } from '../../../../shared/record/record.ts'
import { systemClock } from '../../../../shared/timing/clock.ts'
import { aRecord } from '../../../testing/records.ts'
import { createTraceMemory } from '../data-model/trace-memory.ts'
import { langfuseIngestion } from './transport.ts'

const never = new AbortController().signal

type EventResult = { readonly status: number; readonly message?: string }

/** @returns the sink to a server with this result for each event, or none */
async function sinkWithResults(resultOf: (id: string) => EventResult | undefined) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { batch } = JSON.parse(Buffer.concat(chunks).toString()) as { batch: { id: string }[] }
    const results = batch.flatMap(({ id }) => {
      const result = resultOf(id)
      return result === undefined ? [] : [{ id, ...result }]
    })
    const body: Json = {
      successes: results.filter(({ status }) => status < 400),
      errors: results.filter(({ status }) => status >= 400),
    }
    response.writeHead(207, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return langfuseIngestion({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    publicKey: 'pk',
    secretKey: 'sk',
    clock: systemClock,
    settings: {
      spans: true,
      fillCallerTraces: true,
      callerFields: new Set(['environment', 'prompt', 'version', 'release'] as const),
      maxCharacters: 60_000,
    },
    memory: createTraceMemory(),
  })
}

const kinds = async (send: Awaited<ReturnType<typeof sinkWithResults>>, batch: readonly InferenceRecord[]) =>
  (await send(batch, never)).map((verdict) => (verdict.ok ? 'ok' : verdict.fault.kind))

test('each record has its own verdict, and needs all of its events', async () => {
  const [good, bad, later] = [aRecord(), aRecord(), aRecord()]
  const send = await sinkWithResults((id) => {
    if (id === `${bad.id}-observation`) return { status: 400, message: 'Invalid request data' }
    return { status: id === `${later.id}-trace` ? 500 : 201 }
  })
  expect(await kinds(send, [good, bad, later])).toEqual(['ok', 'permanent', 'retryable'])
})

test('a rejected event type is about the server, not about the record', async () => {
  const send = await sinkWithResults(() => ({ status: 400, message: 'Event type not accepted' }))
  const [verdict] = await send([aRecord()], never)
  expect(verdict).toMatchObject({ ok: false, fault: { kind: 'held', wrongProtocol: true } })
})

test('an event without a result is sent again', async () => {
  const send = await sinkWithResults((id) => (id.endsWith('-trace') ? { status: 201 } : undefined))
  expect(await kinds(send, [aRecord()])).toEqual(['retryable'])
})
