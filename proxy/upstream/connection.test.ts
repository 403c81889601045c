import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Agent, buildConnector, type Dispatcher } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { lendRawUpstream } from '../../shared/testing/raw-upstream.ts'
import { connector } from './connection.ts'

// Canaries for undici's exact version. Where `undici alone` fails, undici may no longer need the wrapper of that
// name in connection.ts: remove it. Where `our connector` fails, undici no longer honours it.
const connectors = {
  'undici alone': buildConnector({ timeout: 10_000, allowH2: false }),
  'our connector': connector(10_000),
}

type Outcome = {
  readonly ended: boolean
  readonly bytes: number
  readonly error?: Error
  /** Thrown by a listener of the socket, where it would end the process. */
  readonly uncaught?: unknown
}

type Handlers = Pick<Dispatcher.DispatchHandler, 'onResponseStart' | 'onResponseData'>

/** Sends a request on a connection of its own, and reports how its response ended. */
async function outcomeOf(origin: string, connect: buildConnector.connector, handlers: Handlers) {
  return new Promise<Outcome>((resolve) => {
    let bytes = 0
    const agent = new Agent({
      connect: catching(connect, (uncaught) => resolve({ ended: false, bytes, uncaught })),
    })
    onTestFinished(() => agent.destroy())
    agent.dispatch(
      { origin, path: '/', method: 'GET' },
      {
        onRequestStart: () => undefined,
        onResponseStart: (...start) => handlers.onResponseStart?.(...start),
        onResponseData(controller, chunk) {
          bytes += chunk.length
          handlers.onResponseData?.(controller, chunk)
        },
        onResponseEnd: () => resolve({ ended: true, bytes }),
        onResponseError: (_controller, error) => resolve({ ended: false, bytes, error }),
      },
    )
  })
}

/** Catches what the socket's listeners throw, so that this process survives what undici does. */
function catching(
  connect: buildConnector.connector,
  onUncaught: (cause: unknown) => void,
): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...result) => {
      const [, socket] = result
      if (socket !== null) {
        const { emit } = socket
        socket.emit = (...event: unknown[]) => {
          try {
            return Reflect.apply(emit, socket, event)
          } catch (cause) {
            onUncaught(cause)
            return false
          }
        }
      }
      callback(...result)
    })
}

const body = randomBytes(100_000)

/**
 * A response that ends with its connection, read by a handler that pauses at every chunk for a while.
 * @param emptyPauses how often to pause at an empty chunk, too: undici passes one when it resumes at the very end
 */
async function endWhilePaused(connect: buildConnector.connector, emptyPauses = 0): Promise<Outcome> {
  let pausesLeft = emptyPauses
  const upstream = await lendRawUpstream((_head, socket) => {
    socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n', () => socket.end(body))
  })
  return outcomeOf(upstream.origin, connect, {
    onResponseData(controller, { length }) {
      if (length === 0 && pausesLeft-- <= 0) return
      controller.pause()
      void delay(50).then(() => controller.resume())
    },
  })
}

/** A response that would end with its connection, which is reset after half of it. */
async function resetWithinResponse(connect: buildConnector.connector): Promise<Outcome> {
  const upstream = await lendRawUpstream((_head, socket) => {
    socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf')
  })
  // Only once the data has arrived: a reset may overtake what was sent before it.
  return outcomeOf(upstream.origin, connect, {
    onResponseData: () => void upstream.sockets[0]?.resetAndDestroy(),
  })
}

test('undici alone throws where a connection ends during a pause, out of reach of any caller', async () => {
  const { uncaught, ended } = await endWhilePaused(connectors['undici alone'])
  expect(ended).toBe(false)
  expect(uncaught).toMatchObject({ code: 'ERR_ASSERTION', message: expect.stringContaining('this.paused') })
})

test('with our connector a connection that ends during a pause delivers its whole response', async () => {
  expect(await endWhilePaused(connectors['our connector'])).toEqual({ ended: true, bytes: body.length })
})

test.each([1, 3])('the same where the handler pauses %d times more at the very end', async (emptyPauses) => {
  const outcome = await endWhilePaused(connectors['our connector'], emptyPauses)
  expect(outcome).toEqual({ ended: true, bytes: body.length })
})

test('undici alone takes a reset for the end of a response that ends with its connection', async () => {
  expect(await resetWithinResponse(connectors['undici alone'])).toEqual({ ended: true, bytes: 4 })
})

test('with our connector a reset within a response is an error', async () => {
  const { ended, error } = await resetWithinResponse(connectors['our connector'])
  expect(ended).toBe(false)
  expect(error).toMatchObject({ code: 'UND_ERR_SOCKET', message: expect.stringContaining('ECONNRESET') })
})
