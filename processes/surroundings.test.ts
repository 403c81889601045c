import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../shared/config/load.ts'
import { tempDir } from '../shared/testing/temp-dir.ts'
import { surroundingsOf } from './surroundings.ts'

const swapped = { LANGFUSE_PUBLIC_KEY: 'sk-lf-1', LANGFUSE_SECRET_KEY: 'pk-lf-1' }

test('keys that no Langfuse can know are warned of, where records are delivered', async () => {
  const config = loadConfig({ ...swapped, DATA_DIR: tempDir() })
  expect((await surroundingsOf(config, 'delivers', [], {})).warnings).toEqual([
    'Langfuse will take no records: the keys are swapped: the public one begins with sk-lf-: LANGFUSE_PUBLIC_KEY=pk-lf-... LANGFUSE_SECRET_KEY=sk-lf-...',
  ])
  expect((await surroundingsOf(config, 'queues', [], {})).warnings).toEqual([])
  const off = loadConfig({ ...swapped, LANGFUSE_ENABLED: 'false', DATA_DIR: tempDir() })
  expect((await surroundingsOf(off, 'delivers', [], {})).warnings).toEqual([])
})

test('what a data folder that cannot be used has for consequences is told without its reason again', async () => {
  const file = join(tempDir(), 'file')
  writeFileSync(file, '')
  const degraded = [
    {
      part: 'spool',
      effect: 'records wait in memory',
      reason: `ENOTDIR: not a directory, stat '${file}/spool'`,
    },
    { part: 'redis', effect: 'records wait in the spool', reason: 'ECONNREFUSED' },
  ] as const
  const { warnings } = await surroundingsOf(loadConfig({ DATA_DIR: file }), 'delivers', degraded, {})
  expect(warnings).toEqual([
    `nothing can be kept on disk: the data folder ${file} cannot be used (${file} is not a folder): set DATA_DIR to a folder that this user may write to`,
    'records wait in memory',
    'records wait in the spool (ECONNREFUSED)',
  ])
})

test('where npm has started it, its commands are called as npm finds them', async () => {
  const config = loadConfig({ DATA_DIR: tempDir() })
  expect((await surroundingsOf(config, 'delivers', [], {})).command).toBe('threadtap')
  const env = { npm_execpath: '/usr/lib/node_modules/npm/bin/npm-cli.js' }
  expect((await surroundingsOf(config, 'delivers', [], env)).command).toBe('npx threadtap')
})
