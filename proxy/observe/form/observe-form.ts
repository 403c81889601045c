import type { IncomingHttpHeaders } from 'node:http'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { InferenceRecord } from '../../../shared/record/record.ts'
import type { Capture } from '../capture/capture.ts'
import { truncate } from '../capture/truncate.ts'
import { inputOf, readRequest } from '../request.ts'
import { createFormFacts, type FormFacts } from './facts.ts'
import { createGuard } from './guard.ts'
import { readForm } from './reader.ts'

/**
 * Watches a form (multipart/form-data) go by on its way to the upstream. It does no I/O, holds a bounded part of
 * what it is shown, and where it fails, the call goes on without it.
 */
export type FormWatch = {
  requestData(chunk: Buffer): void
  /** @returns the record, with what the form has said so far; called once, last */
  tellOf(record: InferenceRecord): InferenceRecord
}

/**
 * @param onFailure told of the first failure of the reading, and of one of the telling
 * @returns undefined where the body is no form that can be read: of another type, compressed, without boundary
 */
export function observeForm(
  headers: IncomingHttpHeaders,
  capture: Capture,
  onFailure: (cause: unknown) => void,
): FormWatch | undefined {
  const { 'content-type': type = '', 'content-encoding': encoding = '' } = headers
  if (!isForm.test(type) || !isPlain.test(encoding)) return undefined
  const guard = createGuard(onFailure)
  const facts = createFormFacts(capture)
  const read = guard(() => readForm(type, facts, guard))
  if (read === undefined) return undefined
  let isOver = false

  return {
    requestData(chunk) {
      // A client that the upstream has answered early may still be sending.
      if (!isOver) read(chunk)
    },
    tellOf(record) {
      isOver = true
      return createGuard(onFailure)(() => withForm(record, facts, capture)) ?? record
    },
  }
}

const isForm = /^multipart\/form-data\s*;/i
const isPlain = /^\s*(identity)?\s*$/i

/** A form is told as the body of a JSON call is. */
function withForm(record: InferenceRecord, facts: FormFacts, { content }: Capture): InferenceRecord {
  if (facts.empty) return record
  const input = content === 'none' ? undefined : inputOf(record.operation, facts.fields())
  return omitUndefined({
    ...record,
    request: { ...record.request, ...readRequest(facts.settings()) },
    // Its texts were held within the limit while they came; media within them are still to be described.
    input: input === undefined ? undefined : truncate(input, Number.POSITIVE_INFINITY),
  })
}
