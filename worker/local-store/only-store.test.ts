import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sampleRecord } from '../../shared/admin/testing/sample-record.ts'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { until } from '../../shared/testing/until.ts'
import { createOnlyStore } from './only-store.ts'
import { type LocalStore, openLocalStore } from './store.ts'

const call = (id: string) => sampleRecord({ id, times: { startedAt: 1, durationMs: 1 } })

function onlyStore(dir: string, open?: () => Promise<LocalStore>, lookEveryMs = 1e6) {
  const reported: string[] = []
  const onRepair = (): void => void reported.push('repaired')
  const store = createOnlyStore({
    open: open ?? (() => openLocalStore({ dir, maxCalls: 10, onRepair })),
    dataDir: join(dir, '..'),
    ...{ backoff: { baseMs: 5, maxMs: 5 }, lookEveryMs },
    events: {
      localStoreFailed: () => reported.push('failed'),
      localStoreRecovered: () => reported.push('recovered'),
    },
  })
  onTestFinished(() => store.stop?.(AbortSignal.abort()))
  return { ...store, reported }
}

test('a store that cannot be opened does not keep it from starting, and works once the cause is gone', async () => {
  const dir = join(tempDir(), 'store')
  writeFileSync(dir, 'in the way')
  const store = onlyStore(dir)
  await store.start?.()
  await expect(store.save([call('a')])).rejects.toThrow(/not a folder/)
  await expect(store.calls.calls({ limit: 1 })).rejects.toThrow(/cannot be used \(.*\); records wait/)
  rmSync(dir)
  await until(() => store.reported.at(-1) === 'recovered')
  await store.save([call('a')])
  expect((await store.calls.calls({ limit: 5 })).map(({ id }) => id)).toEqual(['a'])
})

test.each(['MANIFEST', 'CURRENT'])('a store whose %s is rubbish is repaired', async (name) => {
  const dir = join(tempDir(), 'store')
  const before = await openLocalStore({ dir, maxCalls: 10 })
  await before.save([call('a')])
  await before.close()
  for (const file of readdirSync(dir)) if (file.startsWith(name)) writeFileSync(join(dir, file), 'rubbish')

  const store = onlyStore(dir)
  await store.start?.()
  expect(store.reported).toEqual(['repaired'])
  await store.save([call('b')])
  expect((await store.calls.calls({ limit: 5 })).map(({ id }) => id)).toEqual(['b', 'a'])
})

test('a write that fails rejects, and the store is opened again', async () => {
  const dir = join(tempDir(), 'store')
  let isFull = true
  const store = onlyStore(dir, async () => {
    const opened = await openLocalStore({ dir, maxCalls: 10 })
    return {
      ...opened,
      save: (records) => (isFull ? Promise.reject(new Error('full')) : opened.save(records)),
    }
  })
  await store.start?.()
  await expect(store.save([call('a')])).rejects.toThrow('full')
  isFull = false
  await until(() => store.reported.at(-1) === 'recovered')
  await store.save([call('a')])
  expect(await store.calls.call('a')).toBeDefined()
})

test('a store that is deleted or replaced underneath is made anew: what is saved from then on is there', async () => {
  const dir = join(tempDir(), 'store')
  const store = onlyStore(dir, undefined, 5)
  await store.start?.()
  await store.save([call('a')])
  rmSync(dir, { recursive: true })
  await until(() => store.reported.at(-1) === 'recovered')
  await store.save([call('b')])
  await store.stop?.(AbortSignal.abort())
  const after = await openLocalStore({ dir, maxCalls: 10 })
  expect((await after.calls({ limit: 5 })).map(({ id }) => id)).toEqual(['b'])
  await after.close()
})

test('a store that another process has is a wrong setting', async () => {
  const dir = join(tempDir(), 'store')
  mkdirSync(dir)
  const other = await openLocalStore({ dir, maxCalls: 10 })
  onTestFinished(() => other.close())
  await expect(onlyStore(dir).start?.()).rejects.toThrow(/in use by another process/)
})
