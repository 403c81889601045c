import { CredentialsInFront } from '../tape/credentials-in-front.ts'
import { kinds, readCallId } from '../tape/messages.ts'
import type { FrameReader } from '../tape/ring.ts'
import { CallRecording, type RecordingParts } from './call-recording.ts'

/**
 * Makes records of what is on the tape. Frames of calls that it has not seen begin are passed over: they were begun
 * before it was restarted.
 * @param open the calls in flight; for others to look at
 */
export function createRecorder(
  parts: RecordingParts,
  open: Map<number, CallRecording> = new Map(),
): FrameReader {
  const keepingNone = withoutContent(parts)
  const credentials = new CredentialsInFront()

  function visit(kind: number, call: number, at: number, payload: Buffer): void {
    if (kind === kinds.credentials) credentials.note(call, payload)
    else if (kind === kinds.begin) begin(call, payload, at, parts)
    else if (kind === kinds.beginWithoutContent) begin(call, payload, at, keepingNone)
    const recording = open.get(call)
    if (recording === undefined) return
    recording.lastAt = at
    if (kind === kinds.requestData) recording.requestData(payload)
    else if (kind === kinds.requestEnd) recording.requestEnd()
    else if (kind === kinds.requestNotHeld) recording.requestNotHeld()
    else if (kind === kinds.responseHead) recording.responseHead(payload)
    else if (kind === kinds.responseData) recording.responseData(payload, at)
    else if (kind === kinds.end) close(call, () => recording.end(payload, at))
    else if (kind === kinds.discard) close(call, () => recording.discard())
  }

  function begin(call: number, payload: Buffer, at: number, how: RecordingParts): void {
    open.set(call, new CallRecording(payload, at, how, credentials.of(call)))
  }

  function close(call: number, last: () => void): void {
    open.delete(call)
    last()
  }

  return (kind, call, at, payload) => {
    try {
      visit(kind, call, at, payload)
    } catch (cause) {
      // A defect costs the record of this call alone.
      const id = kind === kinds.begin ? readCallId(payload) : open.get(call)?.id
      open.delete(call)
      parts.onNoRecord(id)
      parts.events.recordingFailed(cause)
    }
  }
}

/** While the process is overloaded: bodies are read for what is not content. */
function withoutContent({ collectMedia: _, ...parts }: RecordingParts): RecordingParts {
  return { ...parts, capture: { content: 'none', maxBytes: parts.capture.maxBytes } }
}
