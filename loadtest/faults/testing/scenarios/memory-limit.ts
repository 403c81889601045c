import { writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { imageEnv } from '../../../process/image-env.ts'
import { createMemoryCgroup, memoryCgroupUnavailable } from '../memory-cgroup.ts'
import { overloadReasons } from '../overload-reasons.ts'
import type { Scenario } from '../scenario.ts'
import { faultFile } from '../world.ts'

const limitBytes = 320 * 1_048_576

export const memoryLimit: Scenario = {
  name: 'memory-limit',
  injected: '600 calls with prompts of 1 MB, 16 at a time, in a control group with 320 MB of memory',
  demands:
    'The process is not killed: recording is shed in steps that are said, and what is shed is counted; at rest all is recorded again.',
  world: {
    deployment: 'start',
    env: { SHED_LOAD: 'on', ...imageEnv },
    preload: 'cgroup',
    prepare: (dataDir) =>
      writeFileSync(faultFile(dirname(dataDir)), createMemoryCgroup(limitBytes).procsFile),
  },
  quick: false,
  unavailable: memoryCgroupUnavailable,
  async inject({ world, calls, note, check }) {
    const steps = new Set<string>()
    let isOver = false
    const made = calls.make(600, { atOnce: 16, padding: 'long '.repeat(200_000) }).finally(() => {
      isOver = true
    })
    while (!isOver && world.proxy.isUp()) {
      for (const reason of await overloadReasons(world.proxy)) steps.add(reason)
    }
    await made
    if (!world.proxy.isUp()) throw new Error('the process was killed')
    check(steps.size > 0, 'nothing was shed, so that nothing was tested')
    note(`said: ${[...steps].join('; ')}`)
    await world.proxy.untilDegraded('overload', false)
  },
  expects: { mayDrop: ['recorder_full', 'memory_full'], otherCalls: true, patienceMs: 60_000 },
}
