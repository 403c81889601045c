import type { Scenario } from '../scenario.ts'
import { orGiveUp } from '../wait-for.ts'

const leaving = 10

export const clientsLeave: Scenario = {
  name: 'clients-leave',
  injected: `${leaving} clients close their connection in the middle of a stream`,
  demands:
    'Their upstream connections are closed at once; the records say client_closed, with the part that came.',
  world: { deployment: 'start' },
  quick: false,
  async inject({ world }) {
    for (let client = 0; client < leaving; client++) {
      world.model.hold(1)
      const leave = new AbortController()
      const response = await fetch(`${world.proxy.baseUrl()}/chat/completions`, {
        method: 'POST',
        headers: { 'x-session-id': 'left', 'x-trace-id': String(client).padStart(32, 'f') },
        body: JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'word-abc' }] }),
        signal: leave.signal,
      })
      await response.body?.getReader().read()
      const aborted = world.model.upstream.nextAbort()
      leave.abort()
      await orGiveUp('the upstream connection of a client that left to be closed', () => aborted)
      world.model.release()
    }
  },
  async verify({ world, check }) {
    const left = world.langfuse.observations().filter(({ trace }) => trace.sessionId === 'left')
    check(left.length === leaving, `${left.length} records of ${leaving} calls whose client left`)
    const saysSo = left.filter((observation) => JSON.stringify(observation).includes('client_closed'))
    check(
      saysSo.length === left.length,
      `${left.length - saysSo.length} records do not say that the client left`,
    )
  },
  expects: { ownRecords: leaving },
}
