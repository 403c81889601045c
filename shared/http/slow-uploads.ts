import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { LatestResponse } from './latest-responses.ts'

/** What a client that sends its request body too slowly gets; its connection is to be closed. */
export type OnSlowUpload = (outgoing: ServerResponse) => void

export type SlowUploadOptions = {
  /** Below it, on average over `windowMs`, an upload is slow. */
  readonly minBytesPerSecond: number
  readonly onSlowUpload: OnSlowUpload
  readonly windowMs?: number
}

export type SlowUploads = { start(): void; stop(): void }

/** Where an upload stood at the last look. */
type Mark = { readonly outgoing: ServerResponse; readonly bytesRead: number }

/**
 * Ends uploads that would otherwise stay for ever, a byte at a time. Looks at the connections once in each window, so that
 * an upload costs nothing. One that waits for its reader is not the client's fault.
 */
export function watchSlowUploads(
  sockets: ReadonlySet<Socket>,
  latest: LatestResponse,
  { minBytesPerSecond, onSlowUpload, windowMs = 60_000 }: SlowUploadOptions,
): SlowUploads {
  let marks = new Map<Socket, Mark>()
  let timer: NodeJS.Timeout | undefined
  const minBytes = (minBytesPerSecond * windowMs) / 1_000

  function look(): void {
    const before = marks
    marks = new Map()
    for (const socket of sockets) {
      const outgoing = latest(socket)
      if (outgoing === undefined || !isUploading(outgoing)) continue
      const mark = before.get(socket)
      const { bytesRead } = socket
      if (mark?.outgoing === outgoing && bytesRead - mark.bytesRead < minBytes) onSlowUpload(outgoing)
      else marks.set(socket, { outgoing, bytesRead })
    }
  }

  return {
    start() {
      if (minBytesPerSecond > 0) timer = setInterval(look, windowMs).unref()
    },
    stop: () => clearInterval(timer),
  }
}

function isUploading({ req, headersSent, destroyed }: ServerResponse): boolean {
  const waitsForReader = req.isPaused() || req.readableLength > 0
  return !req.complete && !headersSent && !destroyed && !waitsForReader
}
