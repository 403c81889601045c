import type { IncomingHttpHeaders } from 'node:http'
import type { Json } from '../../shared/json.ts'
import type { Capture } from '../observe/capture/capture.ts'
import { truncate } from '../observe/capture/truncate.ts'
import { parseBody } from './taped-body.ts'

/** A smaller body is not worth describing before its record is made. */
const largeBodyBytes = 1_048_576

/** @returns a body with the media of a large one described already: a call must not hold their bytes while it lasts */
export function readDescribedBody(
  bytes: Buffer,
  headers: IncomingHttpHeaders,
  { content, media }: Capture,
): Json | undefined {
  const json = parseBody(bytes, headers['content-encoding'])
  const isHeld = media === undefined && (content !== 'full' || bytes.length < largeBodyBytes)
  return json === undefined || isHeld ? json : truncate(json, Number.POSITIVE_INFINITY, media?.input.take)
}
