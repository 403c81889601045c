/** What the driver is asked to do: the one message to its process. */
export type Load =
  /** Plain calls at a fixed rate, whatever becomes of the earlier ones (open loop). */
  | {
      readonly kind: 'calls'
      /** How long the model thinks. */
      readonly thinkMs: number
      readonly perSecond: number
      readonly total: number
      /** In turn. */
      readonly promptBytes: readonly number[]
      /** More than so many unanswered ones are never made: a subject that is at its end must not be buried. */
      readonly mostOpen: number
    }
  /** Streams that are open at the same time, each of so many paced frames. */
  | {
      readonly kind: 'streams'
      readonly streams: number
      readonly framesPerSecond: number
      readonly seconds: number
    }
  /** So many at once, each beginning when another one has ended (closed loop). */
  | {
      readonly kind: 'crowd'
      /** How long the model thinks. */
      readonly thinkMs: number
      readonly total: number
      readonly atOnce: number
      readonly promptBytes: number
    }

export type LoadRequest = {
  readonly url: string
  /** Beside the usual ones: name, value, name, value. */
  readonly headers: readonly string[]
  readonly load: Load
}

/** What the driver saw. Times in ms. */
export type LoadReport = {
  readonly calls: number
  readonly failed: number
  /** Calls that were due while too many earlier ones were unanswered, and so were never made. */
  readonly missed: number
  readonly elapsedMs: number
  /** From sending a call to the end of its answer. */
  readonly latencies: Float64Array
  /** From the model's writing a frame to the client's reading it. */
  readonly frameAges: Float64Array
  /** How much later than due the driver itself began a call: large where the driver was the bottleneck. */
  readonly lags: Float64Array
}
