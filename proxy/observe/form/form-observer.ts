import type { IncomingHttpHeaders } from 'node:http'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { InferenceRecord } from '../../../shared/record/record.ts'
import type { Capture } from '../capture/capture.ts'
import { truncate } from '../capture/truncate.ts'
import { inputOf, readRequest } from '../request.ts'
import { createFormFields, type FormFields } from './form-fields.ts'
import { createFormReader } from './form-reader.ts'
import { createGuard } from './guard.ts'

/**
 * Observes a form (multipart/form-data) on its way to the upstream. It does no I/O and holds a bounded part of the
 * body, and where it fails, the call continues without it.
 */
export type FormObserver = {
  requestData(chunk: Buffer): void
  /** Called once, last. @returns the record, with the fields of the form added */
  applyTo(record: InferenceRecord): InferenceRecord
}

/**
 * @param onFailure called with the first failure of the reader, and with one of `applyTo`
 * @returns undefined where the body is not a readable form: of another type, compressed, or without a boundary
 */
export function createFormObserver(
  headers: IncomingHttpHeaders,
  capture: Capture,
  onFailure: (cause: unknown) => void,
): FormObserver | undefined {
  const { 'content-type': type = '', 'content-encoding': encoding = '' } = headers
  if (!formType.test(type) || !identityEncoding.test(encoding)) return undefined
  const guard = createGuard(onFailure)
  const fields = createFormFields(capture)
  const read = guard(() => createFormReader(type, fields, guard))
  if (read === undefined) return undefined
  let isFinished = false

  return {
    requestData(chunk) {
      // The client may still be sending after the upstream has responded early.
      if (!isFinished) read(chunk)
    },
    applyTo(record) {
      isFinished = true
      return createGuard(onFailure)(() => withForm(record, fields, capture)) ?? record
    },
  }
}

const formType = /^multipart\/form-data\s*;/i
const identityEncoding = /^\s*(identity)?\s*$/i

/** Records the form as if it had been the JSON body of the call. */
function withForm(record: InferenceRecord, fields: FormFields, { content, media }: Capture): InferenceRecord {
  if (fields.empty) return record
  const input = content === 'none' ? undefined : inputOf(record.operation, fields.all())
  return omitUndefined({
    ...record,
    request: { ...record.request, ...readRequest(fields.parameters()) },
    // The texts are already within the limit; media in them are still to be described.
    input: input === undefined ? undefined : truncate(input, Number.POSITIVE_INFINITY, media?.input.take),
  })
}
