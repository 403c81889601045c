import { gzipSync } from 'node:zlib'
import type { Random } from '../random/random.ts'
import { attributionHeaders } from './attribution-headers.ts'
import type { Field, FuzzRequest } from './case.ts'
import { damage } from './damage.ts'
import type { Exchange } from './exchange.ts'
import { generateChunking, randomFieldValue } from './generate-response.ts'
import { requestHead } from './request-head.ts'

/** The client's request, often changed from the exchange's, and the client's behaviour. */
export function generateRequest(
  exchange: Exchange,
  id: string,
  random: Random,
): { request: FuzzRequest; notes: string[] } {
  const notes: string[] = []
  const note = <T>(text: string, value: T): T => {
    notes.push(text)
    return value
  }
  const method = random.chance(0.95)
    ? 'POST'
    : note('other method', random.pick(['GET', 'HEAD', 'PUT', 'DELETE']))
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const text = hasBody ? generateBody(exchange, random, note) : Buffer.alloc(0)
  const isCompressed = hasBody && random.chance(0.03)
  const body = isCompressed ? note('compressed request', gzipSync(text)) : text
  const isUnusualPath = random.chance(0.05)
  const fields: Field[] = [
    ['Host', '127.0.0.1'],
    ['x-fuzz-case', id],
    [
      'Content-Type',
      random.chance(0.95) ? 'application/json' : random.pick(['text/plain', 'multipart/form-data']),
    ],
    ...(isCompressed ? ([['Content-Encoding', 'gzip']] as const) : []),
    ...(random.chance(0.6) ? ([['Accept-Encoding', random.pick(accepted)]] as const) : []),
    ...(random.chance(0.8) ? ([['Authorization', 'Bearer sk-fuzz']] as const) : []),
    ...(random.chance(0.3) ? ([['X-Fuzz-Kept', randomFieldValue(random)]] as const) : []),
    ...attributionHeaders(random),
  ]
  const request: FuzzRequest = {
    method,
    path: isUnusualPath
      ? note('unusual path', random.pick(unusualPaths))
      : `/v1${exchange.path}${random.pick(['', '', '?a=b%20c'])}`,
    fields,
    body,
    framing: hasBody ? random.pick(['length', 'length', 'chunked']) : 'none',
    chunking: generateChunking(random),
    mayBeRejected: isUnusualPath,
    slowReader: random.chance(0.05) && note('slow reader', true),
  }
  if (random.chance(0.05)) return { request: withAbort(request, exchange, random, note), notes }
  if (random.chance(0.04)) {
    const damaged = damage(Buffer.from(requestHead(request), 'latin1'), random)
    return {
      request: { ...request, mayBeRejected: true, damagedHead: damaged.bytes },
      notes: [...notes, 'damaged head'],
    }
  }
  return { request, notes }
}

type Note = <T>(text: string, value: T) => T

const accepted = [
  'gzip, deflate, br',
  'gzip',
  'br;q=1.0, gzip;q=0.5',
  'identity',
  '*',
  'zstd',
  'zstd, gzip',
  '',
]
const unusualPaths = [
  '/',
  '/v1',
  '/v2/models',
  '/nobody/v1/models',
  '/v1/../x',
  '//v1/x',
  '/v1/%2e%2e/x',
  '/v1/a b',
  '/v1/é',
]

/** Mostly a stream that does not request usage, because those are the requests that threadtap rewrites. */
function generateBody(exchange: Exchange, random: Random, note: Note): Buffer {
  if (random.chance(0.1)) return note('damaged request', damage(exchange.request, random).bytes)
  const spaces = random.pick(['', ' ', '\n\t'])
  const options = random.pick([
    '',
    '',
    '',
    '"stream_options":null,',
    '"stream_options":{},',
    '"stream_options":{"x":[{}]},',
    '"stream_options":{"include_usage":false},',
    '"stream_options":{"include_usage":true},',
  ])
  const stream = random.chance(0.7)
    ? `"stream":${random.pick(['true', 'true', 'true', 'false', '1', 'null'])},`
    : ''
  const text = exchange.request.toString('latin1').trimStart()
  if (!text.startsWith('{') || text.length < 3) return exchange.request
  return Buffer.from(
    `${spaces}{${spaces}"seed":15092511270073158000,${stream}${options}${text.slice(1)}`,
    'latin1',
  )
}

function withAbort(request: FuzzRequest, { body }: Exchange, random: Random, note: Note): FuzzRequest {
  if (random.chance(0.3)) {
    const afterBytes = random.integer(0, requestHead(request).length + request.body.length)
    return note('client aborts during its request', {
      ...request,
      abortsAt: { during: 'request', afterBytes },
    })
  }
  const afterBytes = random.integer(0, body.length)
  return note('client aborts during the response', {
    ...request,
    abortsAt: { during: 'response', afterBytes },
  })
}
