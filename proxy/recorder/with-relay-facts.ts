import type { InferenceRecord } from '../../shared/record/record.ts'
import type { CallEnd } from '../tape/messages.ts'

/** A record with what only the relay knows of its call: what found no room on the tape, and what was asked of the upstream. */
export function withRelayFacts(record: InferenceRecord, end: CallEnd): InferenceRecord {
  const { requestShed, responseShed, usageOption } = end
  // Nearly every call that is no stream.
  if (requestShed === 0 && responseShed === 0 && usageOption === 'none') return record
  const { request, response } = record
  return {
    ...(responseShed > 0 && end.end.kind === 'relayed' ? withoutMissingEnd(record) : record),
    request: {
      ...request,
      ...(requestShed > 0 && { unseenBytes: requestShed }),
      ...(usageOption !== 'none' && { usageOption }),
    },
    response: responseShed === 0 ? response : withoutShed(response, responseShed),
  }
}

/** The end mark of a stream that was passed on to its last byte is among what found no room. */
function withoutMissingEnd(record: InferenceRecord): InferenceRecord {
  if (record.ending !== 'truncated') return record
  const { error: _, ...others } = record
  return { ...others, ending: 'completed' }
}

const withoutShed = (response: InferenceRecord['response'], shed: number): InferenceRecord['response'] => ({
  ...response,
  bodyBytes: response.bodyBytes + shed,
  unseenBytes: (response.unseenBytes ?? 0) + shed,
})
