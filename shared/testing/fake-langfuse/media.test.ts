import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { FakeLangfuse } from './fake-langfuse.ts'
import { lendLangfuse } from './lend-langfuse.ts'

// The media API is as strict as measured on a real server with an S3 stand-in.

const body = Buffer.from('a picture')
const sha256Hash = createHash('sha256').update(body).digest('base64')
const ticketRequest = {
  traceId: 't',
  observationId: 'o',
  contentType: 'image/png',
  contentLength: 9,
  sha256Hash,
  field: 'input',
}

function call(
  { baseUrl, keys }: FakeLangfuse,
  method: string,
  path: string,
  json?: object,
): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${keys.publicKey}:${keys.secretKey}`).toString('base64')}`
  return fetch(`${baseUrl}/api/public/media${path}`, {
    method,
    headers: { authorization },
    ...(json && { body: JSON.stringify(json) }),
  })
}

async function uploadUrlOf(langfuse: FakeLangfuse): Promise<string> {
  const response = await call(langfuse, 'POST', '', ticketRequest)
  expect(response.status).toBe(201)
  const { uploadUrl } = (await response.json()) as { uploadUrl: string }
  return uploadUrl
}

const put = async (url: string, headers: Record<string, string>, bytes: Buffer = body) =>
  (await fetch(url, { method: 'PUT', headers, body: new Blob([Uint8Array.from(bytes)]) })).status

const signed = { 'content-type': 'image/png', 'x-amz-checksum-sha256': sha256Hash }

test('a medium exists for readers once it is uploaded and confirmed, and is then known', async () => {
  const langfuse = await lendLangfuse()
  const id = sha256Hash.replaceAll('+', '-').replaceAll('/', '_').slice(0, 22)
  expect(await put(await uploadUrlOf(langfuse), signed)).toBe(200)
  expect((await call(langfuse, 'GET', `/${id}`)).status).toBe(404)
  const confirmation = { uploadedAt: new Date().toISOString(), uploadHttpStatus: 200 }
  expect((await call(langfuse, 'PATCH', `/${id}`, confirmation)).status).toBe(200)
  expect((await call(langfuse, 'GET', `/${id}`)).status).toBe(200)
  expect(await uploadUrlOf(langfuse)).toBeNull()
})

test.each<[what: string, headers: Record<string, string>, bytes: Buffer, status: number]>([
  ['without the hash', { 'content-type': 'image/png' }, body, 403],
  ['of another type', { ...signed, 'content-type': 'image/jpeg' }, body, 403],
  ['of another length', signed, Buffer.from('a pict'), 403],
  ['of other bytes', signed, Buffer.from('b picture'), 400],
  ['with credentials', { ...signed, authorization: 'Basic x' }, body, 403],
])('the bucket refuses an upload %s', async (_what, headers, bytes, status) => {
  const langfuse = await lendLangfuse()
  expect(await put(await uploadUrlOf(langfuse), headers, bytes)).toBe(status)
})

test.each([
  ['type', { contentType: 'application/octet-stream' }],
  ['hash', { sha256Hash: 'ab12' }],
  ['length', { contentLength: 0 }],
  ['length', { contentLength: 1_000_000_001 }],
  ['field', { field: 'elsewhere' }],
  ['trace', { traceId: undefined }],
])('a request with a wrong %s is a 400', async (_field, change) => {
  const langfuse = await lendLangfuse()
  expect((await call(langfuse, 'POST', '', { ...ticketRequest, ...change })).status).toBe(400)
})

test('a confirmation without a status is a 400', async () => {
  const langfuse = await lendLangfuse()
  await uploadUrlOf(langfuse)
  expect((await call(langfuse, 'PATCH', '/x', { uploadedAt: new Date().toISOString() })).status).toBe(400)
})
