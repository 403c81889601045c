import type { ServerResponse } from 'node:http'

const noBytes = Buffer.alloc(0)

/**
 * Sends the head of a response before its body. `flushHeaders` would write it as UTF-8 (lib/_http_outgoing.js:
 * `_send('')`), and change every byte beyond ASCII in it.
 */
export function flushHead(outgoing: ServerResponse): void {
  outgoing.write(noBytes)
}
