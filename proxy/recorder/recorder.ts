import { kinds } from '../tape/messages.ts'
import type { FrameReader } from '../tape/ring.ts'
import { CallRecording, type RecordingParts } from './call-recording.ts'

export type RecorderParts = RecordingParts & {
  /** A defect in recording, which cost this call its record. */
  readonly onDefect: (cause: unknown) => void
}

/**
 * Makes records of what is on the tape. Frames of calls that it has not seen begin are passed over: they were begun
 * before it was restarted.
 */
export function createRecorder(parts: RecorderParts): FrameReader {
  const open = new Map<number, CallRecording>()

  function visit(kind: number, call: number, at: number, payload: Buffer): void {
    if (kind === kinds.begin) return void open.set(call, new CallRecording(payload, at, parts))
    const recording = open.get(call)
    if (recording === undefined) return
    switch (kind) {
      case kinds.requestData:
        return recording.requestData(payload)
      case kinds.requestNotHeld:
        return recording.requestNotHeld()
      case kinds.responseHead:
        return recording.responseHead(payload)
      case kinds.responseData:
        return recording.responseData(payload, at)
      case kinds.end:
        open.delete(call)
        return recording.end(payload, at)
      case kinds.discard:
        open.delete(call)
    }
  }

  return (kind, call, at, payload) => {
    try {
      visit(kind, call, at, payload)
    } catch (cause) {
      open.delete(call)
      parts.onDefect(cause)
    }
  }
}
