import { beginsAsEventStream } from '../../sse/begins-as-event-stream.ts'
import type { SyncResponseReader } from './response-reader.ts'

/**
 * Reads a body by what it begins with: some servers send event streams as JSON, as bytes, or without a content type.
 * @param openStream the reader for an event stream, and for anything else
 */
export function createProbingReader(
  openStream: () => SyncResponseReader,
  openOther: () => SyncResponseReader,
): SyncResponseReader {
  let reader: SyncResponseReader | undefined
  let first: Buffer = Buffer.alloc(0)
  const held: (readonly [chunk: Buffer, at: number])[] = []

  function open(isEventStream: boolean): SyncResponseReader {
    const opened = isEventStream ? openStream() : openOther()
    for (const [chunk, at] of held) opened.push(chunk, at)
    held.length = 0
    reader = opened
    return opened
  }

  return {
    push(chunk, at) {
      if (reader !== undefined) return reader.push(chunk, at)
      // The chunk's memory is lent until this returns.
      const kept = Buffer.from(chunk)
      held.push([kept, at])
      first = Buffer.concat([first, kept])
      const verdict = beginsAsEventStream(first)
      if (verdict !== undefined) open(verdict)
    },
    firstTokenAt: () => reader?.firstTokenAt?.(),
    end: () => (reader ?? open(false)).end(),
  }
}
