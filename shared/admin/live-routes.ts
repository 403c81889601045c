import { Hono } from 'hono'
import { type LiveCalls, type LiveUpdate, type LiveViewer, maxViewers } from './live-calls.ts'

const tooMany = `${maxViewers} viewers look at the live calls already: close a page that shows them`

/**
 * `GET /` is a stream of server-sent events: `snapshot` (a LiveSnapshot) once, then `calls` (those that have changed, in
 * full), `gone` (ids of calls that will have no record) and `skipped` (a number of changes that were left out, because they
 * were too many or the viewer was too slow). `GET /calls` is a LiveSnapshot.
 */
export function liveRoutes(live: LiveCalls): Hono {
  const routes = new Hono()

  routes.get('/', (c) => {
    const viewer = live.watch()
    if (viewer === undefined) return c.json({ error: tooMany }, 503)
    return c.body(eventStream(viewer), 200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Without it nginx holds events back.
      'x-accel-buffering': 'no',
    })
  })

  routes.get('/calls', (c) => c.json(live.snapshot()))

  return routes
}

/** Asks the viewer for more only when the socket has taken what there was. */
function eventStream(viewer: LiveViewer): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream(
    {
      async pull(controller) {
        const updates = await viewer.next()
        controller.enqueue(encoder.encode(updates.map(eventText).join('')))
        if (updates.some(({ event }) => event === 'end')) controller.close()
      },
      cancel: () => viewer.close(),
    },
    { highWaterMark: 0 },
  )
}

function eventText(update: LiveUpdate): string {
  if (update.event === 'heartbeat') return ': nothing new\n\n'
  // The page asks again by itself, and has all that it missed in the next snapshot.
  if (update.event === 'end') return 'retry: 1000\n\n'
  return `event: ${update.event}\ndata: ${update.data}\n\n`
}
