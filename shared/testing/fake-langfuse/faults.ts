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
  return {
    add: (fault: Fault, times: number): void => void queue.push(...Array<Fault>(times).fill(fault)),

    clear(): void {
      queue.length = 0
    },

    /** Health checks and reads never fail. */
    next: ({ pathname }: URL): Fault | undefined =>
      /\/(?:otel\/v1\/traces|ingestion)$/.test(pathname) ? queue.shift() : undefined,
  }
}
