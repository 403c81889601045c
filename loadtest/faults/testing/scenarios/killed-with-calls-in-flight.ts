import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from '../scenario.ts'
import { waitFor } from '../wait-for.ts'

const inFlight = 8

export const killedWithCallsInFlight: Scenario = {
  name: 'killed-with-calls-in-flight',
  injected: `the process is killed (SIGKILL) with ${inFlight} calls in flight, half of them streams that have begun, and started again`,
  demands: 'Those calls appear after the restart, once each, marked interrupted, with what is known of them.',
  world: { deployment: 'start' },
  quick: true,
  async inject({ world, calls, check }) {
    await world.proxy.untilLedger(({ spooled }) => spooled === 0)
    world.model.hold(inFlight)
    const flying = calls.make(inFlight, { atOnce: inFlight })
    await world.model.untilHeld(inFlight)
    const words = world.model.upstream.requests
      .slice(-inFlight)
      .map(({ body }) => /word-[0-9a-f]+/.exec(String(body))?.[0] ?? '')
    // What the recording thread has not read yet is lost, which is said.
    await waitFor('the crash journal to have the calls in flight', () =>
      journalHas(world.proxy.dataDir, words),
    )
    await world.proxy.stop('SIGKILL')
    world.model.release()
    const outcomes = await flying
    check(
      outcomes.every(({ difference }) => difference !== undefined),
      'a call ended although its process was killed',
    )
    await world.proxy.start()
  },
  async verify({ world, calls, check }) {
    const cut = calls.outcomes.filter(({ difference }) => difference !== undefined)
    const there = new Map(
      world.langfuse.observations().map((observation) => [observation.traceId, observation]),
    )
    const found = cut.flatMap(({ traceId }) => there.get(traceId) ?? [])
    check(
      found.length === cut.length,
      `${cut.length - found.length} of ${cut.length} calls in flight left nothing`,
    )
    const marked = found.filter((observation) => JSON.stringify(observation).includes('process_died'))
    check(marked.length === found.length, `${found.length - marked.length} do not say that the process died`)
    const withInput = found.filter(({ input }) => String(input).includes('word-'))
    check(withInput.length === found.length, `${found.length - withInput.length} have no input`)
  },
  expects: { clientsMayFail: true },
}

function journalHas(dataDir: string, words: readonly string[]): boolean {
  const folder = join(dataDir, 'crash-journal')
  const text = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'))
    .join('')
  return words.every((word) => text.includes(word))
}
