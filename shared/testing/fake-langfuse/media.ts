import { createHash } from 'node:crypto'
import { isJsonObject, type Json, type JsonObject, parseJson } from '../../json.ts'
import { type FakeResponse, jsonResponse } from './responses.ts'

/** A medium as the server knows it. */
export type StoredMedium = {
  readonly id: string
  readonly contentType: string
  readonly bytes: Buffer
  /** Observations that it is linked with, by `<trace>/<observation>/<field>`. */
  readonly links: readonly string[]
}

export type MediaRequest = {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly bytes: Buffer
}

type Ticket = {
  readonly id: string
  readonly contentType: string
  readonly length: number
  readonly hash: string
}

// From web/src/pages/api/public/media and web/src/features/media/validation.ts of langfuse/langfuse; all steps were done for
// real against an S3 stand-in.

/** The media API, and the bucket that it signs URLs of. */
export function createFakeMedia(origin: () => string) {
  const tickets = new Map<string, Ticket>()
  const uploaded = new Map<string, Buffer>()
  const confirmed = new Set<string>()
  const links = new Map<string, Set<string>>()

  /** `POST /api/public/media` */
  function requestUpload(text: string): FakeResponse {
    const body = parseJson(text)
    const invalid = invalidityOf(isJsonObject(body) ? body : {})
    if (invalid !== undefined) return jsonResponse(400, { message: 'Invalid request data', error: [invalid] })
    const { sha256Hash, contentType, contentLength, traceId, observationId, field } = body as Record<
      string,
      Json
    >
    const id = String(sha256Hash).replaceAll('+', '-').replaceAll('/', '_').slice(0, 22)
    const own = links.get(id) ?? new Set()
    links.set(id, own.add(`${traceId}/${observationId}/${field}`))
    const known = tickets.get(id)
    if (known !== undefined && confirmed.has(id) && known.contentType === contentType) {
      return jsonResponse(201, { mediaId: id, uploadUrl: null })
    }
    const ticket = {
      id,
      contentType: String(contentType),
      length: Number(contentLength),
      hash: String(sha256Hash),
    }
    tickets.set(id, ticket)
    const uploadUrl = `${origin()}/bucket/${id}?X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bx-amz-checksum-sha256`
    return jsonResponse(201, { mediaId: id, uploadUrl })
  }

  /** `PUT` to the presigned URL: S3 refuses what differs from what was signed, and bytes of another hash. */
  function put({ path, headers, bytes }: MediaRequest): FakeResponse {
    const ticket = tickets.get(path.slice('/bucket/'.length))
    const isSigned =
      ticket !== undefined &&
      headers['content-type'] === ticket.contentType &&
      headers['content-length'] === String(ticket.length) &&
      headers['x-amz-checksum-sha256'] === ticket.hash &&
      headers.authorization === undefined
    if (!isSigned) return { status: 403, body: '<Error><Code>SignatureDoesNotMatch</Code></Error>' }
    const hash = createHash('sha256').update(bytes).digest('base64')
    if (hash !== ticket.hash) return { status: 400, body: '<Error><Code>BadDigest</Code></Error>' }
    uploaded.set(ticket.id, bytes)
    return { status: 200, body: '' }
  }

  /** `PATCH /api/public/media/{id}` */
  function confirm(id: string, text: string): FakeResponse {
    const body = parseJson(text)
    const { uploadedAt, uploadHttpStatus } = isJsonObject(body) ? body : {}
    if (Number.isNaN(Date.parse(String(uploadedAt))) || !Number.isInteger(uploadHttpStatus)) {
      return jsonResponse(400, { message: 'Invalid request data' })
    }
    if (!tickets.has(id)) return jsonResponse(404, { message: 'Media asset not found' })
    if (uploadHttpStatus === 200 && uploaded.has(id)) confirmed.add(id)
    return { status: 200, body: '' }
  }

  function read(id: string): FakeResponse {
    if (!tickets.has(id)) return jsonResponse(404, { message: 'Media asset not found' })
    if (!confirmed.has(id)) return jsonResponse(404, { message: 'Media not yet uploaded' })
    return jsonResponse(200, { mediaId: id, contentType: tickets.get(id)?.contentType ?? '' })
  }

  return {
    put,

    api({ method, path, bytes }: MediaRequest): FakeResponse {
      const id = decodeURIComponent(path.replace(/^\/api\/public\/media\/?/, ''))
      if (method === 'POST' && id === '') return requestUpload(bytes.toString())
      if (method === 'PATCH') return confirm(id, bytes.toString())
      return method === 'GET' ? read(id) : jsonResponse(405, { message: 'Method not allowed' })
    },

    /** Media that readers see. */
    stored: (): readonly StoredMedium[] =>
      [...confirmed].map((id) => ({
        id,
        contentType: tickets.get(id)?.contentType ?? '',
        bytes: uploaded.get(id) ?? Buffer.alloc(0),
        links: [...(links.get(id) ?? [])],
      })),
  }
}

const types =
  /^(image\/(png|jpe?g|webp|gif|svg\+xml|tiff|bmp|avif|heic)|audio\/(mpeg|mp3|wav|og[ga]|aac|mp4|flac|opus|webm)|video\/(mp4|webm|ogg|mpeg)|text\/(plain|html|css|csv|markdown)|application\/(pdf|json|xml|zip))$/
const maxContentLength = 1_000_000_000

function invalidityOf(body: JsonObject): string | undefined {
  const { traceId, contentType, contentLength, sha256Hash, field } = body
  if (typeof traceId !== 'string') return 'traceId: Required'
  if (typeof contentType !== 'string' || !types.test(contentType)) return 'Invalid content type'
  if (!Number.isInteger(contentLength) || Number(contentLength) <= 0) return 'contentLength: must be positive'
  if (Number(contentLength) > maxContentLength) return 'File size must be less than 1000000000 bytes'
  if (typeof sha256Hash !== 'string' || !/^[A-Za-z0-9+/=]{44}$/.test(sha256Hash)) {
    return 'Must be a 44 character base64 encoded SHA-256 hash'
  }
  return ['input', 'output', 'metadata'].includes(String(field)) ? undefined : 'Invalid field'
}
