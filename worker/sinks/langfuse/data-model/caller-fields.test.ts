import { expect, test } from 'vitest'
import { lendLangfuse } from '../../../../shared/testing/fake-langfuse/lend-langfuse.ts'
import type { Mode } from '../../../../shared/testing/fake-langfuse/modes.ts'
import { aRecord } from '../../../testing/records.ts'
import { langfuseSinkTo } from '../../../testing/test-pipeline.ts'
import { type CallerField, readCallerFields } from './caller-fields.ts'

const metadata = {
  course: 'maths',
  langfuse_prompt_name: 'greeting',
  langfuse_prompt_version: '3',
  langfuse_version: 'v7',
  langfuse_release: '2026-11',
  langfuse_public: 'true',
}
const all: ReadonlySet<CallerField> = new Set(['prompt', 'version', 'release', 'environment', 'public'])
const modes: readonly Mode[] = ['v2', 'v3.20', 'v3', 'v4']

/** @returns what a server recorded of a call that says all of it */
async function recorded(mode: Mode, callerFields: ReadonlySet<CallerField>) {
  const langfuse = await lendLangfuse(mode)
  const context = { ...aRecord().context, environment: 'staging', metadata }
  await langfuseSinkTo(langfuse, { callerFields }).send([aRecord({ context })], new AbortController().signal)
  const [observation] = langfuse.observations()
  const [trace] = langfuse.traces()
  return { observation, trace }
}

test.each(modes)('callers decide what the operator lists on %s', async (mode) => {
  const { observation, trace } = await recorded(mode, all)
  expect(observation).toMatchObject({ prompt: { name: 'greeting', version: 3 }, version: 'v7' })
  expect(trace).toMatchObject({ release: '2026-11', isPublic: true, metadata: { course: 'maths' } })
  expect(observation?.environment).toBe(mode === 'v2' ? 'default' : 'staging')
  expect(JSON.stringify([trace?.metadata, observation?.metadata])).not.toContain('langfuse_')
})

test.each(modes)('what is not listed stays metadata on %s', async (mode) => {
  const { observation, trace } = await recorded(mode, new Set())
  expect(observation).toMatchObject({ prompt: null, version: null })
  expect(trace).toMatchObject({ isPublic: false, metadata: { ...metadata, environment: 'staging' } })
  expect(trace?.release).toBeNull()
  expect(observation?.environment).toBe(mode === 'v2' ? 'default' : 'test')
})

test.each([
  ['a version that is no whole number', { langfuse_prompt_name: 'p', langfuse_prompt_version: 'latest' }],
  ['a version of zero', { langfuse_prompt_name: 'p', langfuse_prompt_version: 0 }],
  ['a name without a version', { langfuse_prompt_name: 'p' }],
  ['a version without a name', { langfuse_prompt_version: 3 }],
  ['a text that is too long', { langfuse_version: 'x'.repeat(201) }],
  ['anything but true', { langfuse_public: 'yes' }],
])('%s decides nothing', (_, said) => {
  expect(readCallerFields(said, all)).toEqual({ fields: {}, rest: said })
})
