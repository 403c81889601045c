import { setTimeout as pause } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'

export const langfuseRefusesKeys: Scenario = {
  name: 'langfuse-refuses-keys',
  injected: 'the keys of the project are exchanged: Langfuse answers 401, until they are valid again',
  demands: 'Sending stops, which is said; records are kept, and nothing storms the server.',
  world: { deployment: 'start' },
  quick: false,
  async inject({ world }) {
    world.langfuse.setKeys({ publicKey: 'pk-lf-other', secretKey: 'sk-lf-other' })
  },
  async heal({ world, check }) {
    await world.proxy.untilDegraded('sinks')
    // Well within the 30 s after which it is tried again.
    await pause(4_000)
    const refused = world.langfuse.requests().filter(({ status }) => status === 401).length
    check(refused <= 10, `${refused} requests were sent with keys that are refused`)
    world.langfuse.setKeys({ publicKey: 'pk-lf-test', secretKey: 'sk-lf-test' })
  },
  expects: { patienceMs: 60_000 },
}
