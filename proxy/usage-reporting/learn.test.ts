import { expect, test } from 'vitest'
import { learn, type StreamEvidence } from './learn.ts'
import type { LearnedReporting, Reporting } from './reporting.ts'

const shape = { every: ['id', 'choices'], some: ['id', 'choices', 'choices.delta'] }
const noFrames = { showsUsage: false, shape: undefined }

const evidence = (changes: Partial<StreamEvidence>): StreamEvidence => ({
  request: 'silent',
  succeeded: true,
  complete: true,
  reportsUsage: false,
  frames: { showsUsage: false, shape },
  parameters: 'model',
  ...changes,
})

const known = (reporting: Reporting, more: Partial<LearnedReporting> = {}): LearnedReporting => ({
  reporting,
  expiresAt: 1,
  ...more,
})

test('usage that nobody asked for shows an upstream that sends it anyway, whatever was known', () => {
  for (const before of [undefined, known('on_request'), known('rejects_option'), known('alters_frames')])
    expect(learn(evidence({ reportsUsage: true }), before)).toEqual({ reporting: 'unsolicited' })
  expect(learn(evidence({ request: 'declined', reportsUsage: true }), undefined)).toEqual({
    reporting: 'unsolicited',
  })
})

test('a whole stream without usage shows one that has to be asked, and what its frames are like', () => {
  expect(learn(evidence({}), undefined)).toEqual({
    reporting: 'on_request',
    plain: { shape, parameters: 'model' },
  })
  expect(learn(evidence({ frames: noFrames }), undefined)).toEqual({ reporting: 'on_request' })
})

test('one that sent usage anyway is not asked because of a stream without', () => {
  expect(learn(evidence({}), known('unsolicited'))).toBeUndefined()
})

test.each<[string, Partial<StreamEvidence>]>([
  ['is not complete', { complete: false }],
  ['is not complete, with usage', { complete: false, reportsUsage: true }],
  ['was declined by its client', { request: 'declined' }],
  ['was asked, with nothing to compare with', { request: 'asked', reportsUsage: true }],
  ['failed without the option, too', { request: 'rejected', succeeded: false, complete: false }],
])('a stream that %s says nothing', (_what, changes) => {
  expect(learn(evidence(changes), undefined)).toBeUndefined()
})

test('a request that succeeds once the option is taken out was rejected for it', () => {
  expect(learn(evidence({ request: 'rejected', complete: false }), undefined)).toEqual({
    reporting: 'rejects_option',
  })
})

test('asking does harm where a frame that clients see has usage, or other fields than before', () => {
  const before = known('on_request', { plain: { shape, parameters: 'model' } })
  const asked = (frames: StreamEvidence['frames'], parameters = 'model') =>
    learn(evidence({ request: 'asked', reportsUsage: true, frames, parameters }), before)
  expect(asked({ showsUsage: false, shape })).toBeUndefined()
  expect(asked(noFrames)).toBeUndefined()
  expect(asked({ showsUsage: true, shape })).toEqual({ reporting: 'alters_frames' })
  const more = { every: [...shape.every, 'stats'], some: [...shape.some, 'stats'] }
  expect(asked({ showsUsage: false, shape: more })).toEqual({ reporting: 'alters_frames' })
  expect(asked({ showsUsage: false, shape: more }, 'logprobs=true model')).toBeUndefined()
  expect(asked({ showsUsage: false, shape: { every: ['id'], some: ['id'] } })).toEqual({
    reporting: 'alters_frames',
  })
})
