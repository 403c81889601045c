import type { Json } from '../../json.ts'

/** What happens to a delivery instead of its normal response. */
export type Fault =
  | {
      readonly kind: 'response'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: Json
    }
  /** The connection breaks before the request is processed. */
  | { readonly kind: 'reset' }
  /** The request is processed, but the connection breaks before the response. */
  | { readonly kind: 'processed_then_reset' }
  /** The connection stays open without a response. */
  | { readonly kind: 'no_response' }

/** Faults for the next deliveries, in order. */
export function createFaults() {
  const queue: Fault[] = []
  const mediaQueue: { readonly fault: Fault; readonly method: string | undefined }[] = []
  const readQueue: Fault[] = []
  return {
    add: (fault: Fault, times: number): void => void queue.push(...Array<Fault>(times).fill(fault)),

    addToMedia: (fault: Fault, times: number, method: string | undefined): void =>
      void mediaQueue.push(...Array(times).fill({ fault, method })),

    addToReads: (fault: Fault, times: number): void =>
      void readQueue.push(...Array<Fault>(times).fill(fault)),

    clear(): void {
      readQueue.length = 0
      queue.length = 0
      mediaQueue.length = 0
    },

    /** Health checks never fail. */
    next({ pathname }: URL, method: string | undefined): Fault | undefined {
      if (/\/(?:otel\/v1\/traces|ingestion)$/.test(pathname)) return queue.shift()
      if (/\/observations$/.test(pathname)) return readQueue.shift()
      if (!/^\/(bucket|api\/public\/media)(\/|$)/.test(pathname)) return undefined
      const at = mediaQueue.findIndex((queued) => queued.method === undefined || queued.method === method)
      return at === -1 ? undefined : mediaQueue.splice(at, 1)[0]?.fault
    },
  }
}
