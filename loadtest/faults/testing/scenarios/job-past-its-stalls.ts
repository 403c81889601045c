import { setStalledCount } from '../queue-keys.ts'
import type { Scenario } from '../scenario.ts'

export const jobPastItsStalls: Scenario = {
  name: 'job-past-its-stalls',
  injected: 'a pack comes to a worker that 11 others have died over, as its job in Redis says',
  demands:
    'It is taken for the cause: its record is kept as a dead letter and counted, and the others are delivered.',
  world: { deployment: 'split' },
  quick: true,
  async inject({ world, calls, check }) {
    await world.proxy.untilLedger(({ spooled, queued }) => spooled + queued === 0)
    await world.worker.stop()
    await calls.make(1)
    await world.proxy.untilLedger(({ queued }) => queued === 1)
    const jobs = await setStalledCount(world.redis.client(), 11)
    check(jobs === 1, `${jobs} jobs were waiting instead of one`)
    await world.worker.start()
  },
  async verify({ world, check }) {
    const letters = await world.worker.getJson<readonly { readonly reason: string }[]>('/api/dead')
    check(letters.length === 1, `${letters.length} dead letters are kept instead of one`)
    check(JSON.stringify(letters).includes('workers died over it'), 'the dead letter does not say why')
  },
  expects: { deadLetters: 1 },
}
