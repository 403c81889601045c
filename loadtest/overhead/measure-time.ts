import type { Dispatcher } from 'undici'
import { drive } from './drive.ts'
import { quantile } from './quantile.ts'
import { ageReader } from './stamp.ts'

/** Times in ms. */
export type Times = {
  /** From the upstream's write of a frame to the client's read, with 200 streams open. */
  readonly frameMedian: number
  readonly frameP99: number
  /** Response time of a call that the upstream delays by 300 ms. */
  readonly call: number
}

const openStreams = 200
const slowCalls = 50

/** Latency as the client sees it. The dispatcher must allow 200 connections. */
export async function measureTimes(url: string, dispatcher: Dispatcher): Promise<Times> {
  const ages: number[] = []
  const stream = { calls: openStreams, concurrency: openStreams, model: 'paced', stream: true } as const
  await drive(url, dispatcher, stream, async (body) => {
    const read = ageReader()
    for await (const chunk of body) ages.push(...read(chunk as Buffer))
  })
  return {
    frameMedian: quantile(ages, 0.5),
    frameP99: quantile(ages, 0.99),
    call: await slowCallMs(url, dispatcher),
  }
}

/** @returns the median; few calls are concurrent, so that they do not wait for each other */
async function slowCallMs(url: string, dispatcher: Dispatcher): Promise<number> {
  const durations: number[] = []
  const slow = { calls: 5, concurrency: 5, model: 'slow', stream: false } as const
  while (durations.length < slowCalls) {
    const startedAt = performance.now()
    await drive(url, dispatcher, slow, async (body) => {
      await body.dump()
      durations.push(performance.now() - startedAt)
    })
  }
  return quantile(durations, 0.5)
}
