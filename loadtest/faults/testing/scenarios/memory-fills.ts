import { writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Degradation } from '../../../../shared/degradation/degradations.ts'
import { imageEnv } from '../../../process/image-env.ts'
import { createMemoryCgroup, memoryCgroupUnavailable } from '../memory-cgroup.ts'
import { overloadReasons } from '../overload-reasons.ts'
import type { Run, Scenario } from '../scenario.ts'
import { waitFor } from '../wait-for.ts'
import { faultFile } from '../world.ts'

const inGroupOf = (mebibytes: number): Pick<Scenario, 'world' | 'quick' | 'unavailable'> => ({
  world: {
    deployment: 'start',
    env: { SHED_LOAD: 'on', ...imageEnv },
    preload: 'cgroup',
    prepare: (dataDir) =>
      writeFileSync(faultFile(dirname(dataDir)), createMemoryCgroup(mebibytes * 1_048_576).procsFile),
  },
  quick: false,
  unavailable: memoryCgroupUnavailable,
})

/** Makes calls that wait for the model, one after the other, until there are enough. @returns what releases them */
async function fill(
  { world, calls }: Run,
  promptBytes: number,
  isEnough: (inFlight: number) => boolean | Promise<boolean>,
): Promise<() => Promise<void>> {
  const padding = 'x'.repeat(promptBytes)
  const made: Promise<unknown>[] = []
  world.model.hold(Number.POSITIVE_INFINITY)
  while (!(await isEnough(made.length))) {
    const call = calls.make(1, { padding })
    made.push(call)
    await Promise.race([call, world.model.untilHeld(made.length)])
    if (!world.proxy.isUp()) throw new Error(`the process was killed with ${made.length} calls in flight`)
  }
  return async () => {
    world.model.release()
    await Promise.all(made)
  }
}

/** Memory may creep on for a while, as somebody asks for the ledger all the time. */
const restPatienceMs = 150_000

const untilAllIsRecorded = ({ world }: Run): Promise<void> =>
  waitFor(
    'all to be recorded again',
    async () => {
      if (!world.proxy.isUp()) throw new Error('the process was killed as the calls ended')
      const ready = await world.proxy
        .getJson<{ degraded: readonly Degradation[] }>('/readyz')
        .catch(() => undefined)
      return ready?.degraded.every(({ part }) => part !== 'overload') ?? false
    },
    restPatienceMs,
  )

/** Held or on their way, more than enough of them to come to the step. */
const most = 60

export const memoryFills: Scenario = {
  name: 'memory-fills',
  injected:
    'one call after the other with a prompt of 8 MB comes and waits for the model, in a control group with 256 MB of memory, until less is recorded',
  demands:
    'It is said that memory is the reason; the process is not killed, the calls get every byte, and at rest all is recorded again.',
  ...inGroupOf(256),
  async inject(run) {
    const { world, note, check } = run
    let said: string | undefined
    const release = await fill(run, 8_000_000, async (inFlight) => {
      said = (await overloadReasons(world.proxy)).find((reason) => reason.includes('memory limit'))
      return said !== undefined || inFlight === most
    })
    check(said !== undefined, `nothing was shed for want of memory, with ${most} calls in flight`)
    note(`said: ${said}`)
    await release()
    await untilAllIsRecorded(run)
  },
  expects: { mayDrop: ['recorder_full', 'memory_full'], otherCalls: true, patienceMs: 60_000 },
}

/** So many prompts at once that copies of all of them do not fit. */
const promptsAtOnce = (name: string, count: number, megabytes: number, memory: number): Scenario => ({
  name,
  injected: `${count} calls with prompts of ${megabytes} MB wait for the model, in a control group with ${memory} MB of memory`,
  demands: 'The process is not killed, and the calls get every byte.',
  ...inGroupOf(memory),
  async inject(run) {
    const release = await fill(run, megabytes * 1_000_000, (inFlight) => inFlight === count)
    await release()
    await untilAllIsRecorded(run)
  },
  expects: { mayDrop: ['recorder_full', 'memory_full'], otherCalls: true, patienceMs: 60_000 },
})

export const largePrompts = promptsAtOnce('large-prompts', 30, 8, 320)
export const manyPrompts = promptsAtOnce('many-prompts', 400, 1, 512)
