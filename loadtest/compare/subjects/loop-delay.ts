/**
 * The longest block of the event loop in what a process of threadtap shows at /metrics: since the last time
 * that it was asked (prom-client's default metrics reset their histogram with each scrape).
 * @returns ms, or undefined where the text has no such metric
 */
export function longestBlockMs(metrics: string): number | undefined {
  const seconds = /^nodejs_eventloop_lag_max_seconds (\S+)/m.exec(metrics)?.[1]
  return seconds === undefined ? undefined : withoutInterval(Number(seconds) * 1_000)
}

/** Node's histogram holds the times between two looks of a timer, the timer's own 10 ms among them. */
export const withoutInterval = (ms: number): number => Math.max(0, ms - lookEveryMs)

export const lookEveryMs = 10
