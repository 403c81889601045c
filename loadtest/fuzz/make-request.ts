import { gzipSync } from 'node:zlib'
import type { Field, FuzzRequest } from './case.ts'
import { damage } from './damage.ts'
import type { Exchange } from './exchange.ts'
import { makeCut, randomValue } from './make-answer.ts'
import type { Random } from './random.ts'
import { requestHead } from './request-head.ts'
import { taggingFields } from './tagging-fields.ts'

/** What the client asks: the exchange's request, often changed; and how it behaves. */
export function makeRequest(
  exchange: Exchange,
  id: string,
  random: Random,
): { made: FuzzRequest; notes: string[] } {
  const notes: string[] = []
  const told = <T>(note: string, value: T): T => {
    notes.push(note)
    return value
  }
  const method = random.chance(0.95)
    ? 'POST'
    : told('other method', random.pick(['GET', 'HEAD', 'PUT', 'DELETE']))
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const text = hasBody ? makeBody(exchange, random, told) : Buffer.alloc(0)
  const isPacked = hasBody && random.chance(0.03)
  const body = isPacked ? told('compressed request', gzipSync(text)) : text
  const isOddPath = random.chance(0.05)
  const fields: Field[] = [
    ['Host', '127.0.0.1'],
    ['x-fuzz-case', id],
    [
      'Content-Type',
      random.chance(0.95) ? 'application/json' : random.pick(['text/plain', 'multipart/form-data']),
    ],
    ...(isPacked ? ([['Content-Encoding', 'gzip']] as const) : []),
    ...(random.chance(0.6) ? ([['Accept-Encoding', random.pick(accepted)]] as const) : []),
    ...(random.chance(0.8) ? ([['Authorization', 'Bearer sk-fuzz']] as const) : []),
    ...(random.chance(0.3) ? ([['X-Fuzz-Kept', randomValue(random)]] as const) : []),
    ...taggingFields(random),
  ]
  const made: FuzzRequest = {
    method,
    path: isOddPath
      ? told('odd path', random.pick(oddPaths))
      : `/v1${exchange.path}${random.pick(['', '', '?a=b%20c'])}`,
    fields,
    body,
    framing: hasBody ? random.pick(['length', 'length', 'chunked']) : 'none',
    cut: makeCut(random),
    odd: isOddPath,
    slow: random.chance(0.05) && told('slow reader', true),
  }
  if (random.chance(0.05)) return { made: leaving(made, exchange, random, told), notes }
  if (random.chance(0.04)) {
    const damaged = damage(Buffer.from(requestHead(made), 'latin1'), random)
    return { made: { ...made, odd: true, damagedHead: damaged.bytes }, notes: [...notes, 'damaged head'] }
  }
  return { made, notes }
}

type Tell = <T>(note: string, value: T) => T

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
const oddPaths = [
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

/** Mostly a stream that does not mention usage, because that is what we change. */
function makeBody(exchange: Exchange, random: Random, told: Tell): Buffer {
  if (random.chance(0.1)) return told('damaged request', damage(exchange.request, random).bytes)
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

function leaving(made: FuzzRequest, { body }: Exchange, random: Random, told: Tell): FuzzRequest {
  if (random.chance(0.3)) {
    const afterBytes = random.within(0, requestHead(made).length + made.body.length)
    return told('client leaves within its request', { ...made, leaves: { within: 'request', afterBytes } })
  }
  const afterBytes = random.within(0, body.length)
  return told('client leaves within the answer', { ...made, leaves: { within: 'answer', afterBytes } })
}
