import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

// Answers as Langfuse does, without keeping anything, so that it costs the machine next to nothing. STATE is
// fast, slow (deliveries are answered after 1 s) or dead (takes connections and never answers).

const state = process.env.STATE ?? 'fast'
const slowMs = 1_000

const server = createServer((incoming, outgoing) => {
  incoming.resume().on('end', async () => {
    if (state === 'dead') return
    const isHealth = incoming.url?.startsWith('/api/public/health') === true
    if (state === 'slow' && !isHealth) await sleep(slowMs)
    // Version 3 takes OTLP, which is then what threadtap speaks (LANGFUSE_PROTOCOL=auto).
    const body = JSON.stringify(isHealth ? { status: 'OK', version: '3.199.0' } : {})
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(body)
  })
})

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
