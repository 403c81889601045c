import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startFakeUpstream } from '../../shared/testing/fake-upstream.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { run } from '../testing/processes.ts'

/** The nice values of a process's threads, by thread id (proc(5): field 19, counted behind the name in brackets). */
function niceValues(pid: number): ReadonlyMap<number, number> {
  const tasks = `/proc/${pid}/task`
  return new Map(
    readdirSync(tasks).map((id) => {
      const stat = readFileSync(`${tasks}/${id}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return [Number(id), Number(fields[16])]
    }),
  )
}

test.runIf(process.platform === 'linux')(
  'the recording thread lets the relay go first where both want a core',
  async () => {
    await using upstream = await startFakeUpstream()
    const { child } = await run('start', { DATA_DIR: tempDir(), UPSTREAM_BASE_URL: `${upstream.origin}/v1` })
    const pid = child.pid ?? 0
    const nice = niceValues(pid)
    const own = niceValues(process.pid).get(process.pid) ?? 0
    expect(nice.get(pid)).toBe(own)
    expect([...nice.values()]).toContain(10)
  },
)
