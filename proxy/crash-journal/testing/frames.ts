import { type CallBegin, kinds, readBegin, readEnd, writeBegin, writeEnd } from '../../tape/messages.ts'
import type { FrameReader } from '../../tape/ring.ts'

export const idOf = (call: number): string => call.toString(16).padStart(32, '0')

/** Writes calls as the relay does, a frame a millisecond. */
export function frameWriter(visit: FrameReader) {
  let at = 0
  const write = (kind: number, call: number, text = ''): void =>
    visit(kind, call, ++at, Buffer.from(text, 'latin1'))
  return {
    begin(call: number, more: Partial<CallBegin> = {}): void {
      const begin = { freshTraceId: 'f', startedAt: 1, method: 'POST', upstream: 'default', route: '/v1/x' }
      const fields = { operation: 'chat', pathThread: '', body: 'held', headers: [] } as const
      write(kinds.begin, call, writeBegin({ id: idOf(call), ...begin, ...fields, ...more }))
    },
    request(call: number, text: string): void {
      write(kinds.requestData, call, text)
      write(kinds.requestEnd, call)
    },
    part: (call: number, text: string) => write(kinds.requestData, call, text),
    response: (call: number, text: string) => write(kinds.responseData, call, text),
    end(call: number): void {
      const plain = { requestShed: 0, responseShed: 0, usageOption: 'none' } as const
      write(kinds.end, call, writeEnd({ end: { kind: 'relayed' }, requestBytes: 1, ...plain }))
    },
  }
}

/** What a recorder was shown of one call. */
export type ShownCall = {
  request: string
  response: string
  end?: {
    readonly kind: string
    readonly at: number
    readonly requestShed: number
    readonly responseShed: number
  }
}

/** A stand-in for the recorder, as strict: nothing may come of a call before its beginning, or after its end. */
export function shownCalls() {
  const calls = new Map<string, ShownCall>()
  const open = new Map<number, ShownCall>()
  const visit: FrameReader = (kind, number, at, payload) => {
    if (kind === kinds.begin) {
      const { id } = readBegin(payload)
      if (calls.has(id)) throw new Error(`${id} begins twice`)
      const begun = { request: '', response: '' }
      calls.set(id, begun)
      open.set(number, begun)
    }
    const call = open.get(number)
    if (call === undefined) throw new Error(`a frame of ${number}, which is not open`)
    if (kind === kinds.requestData) call.request += payload.toString()
    if (kind === kinds.responseData) call.response += payload.toString()
    if (kind === kinds.discard) call.end = { kind: 'discarded', at, requestShed: 0, responseShed: 0 }
    if (kind === kinds.end) {
      const { end, requestShed, responseShed } = readEnd(payload)
      call.end = { kind: end.kind, at, requestShed, responseShed }
    }
    if (kind === kinds.discard || kind === kinds.end) open.delete(number)
  }
  return { calls, visit }
}
