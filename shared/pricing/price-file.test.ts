import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../config/load.ts'
import { tempDir } from '../testing/temp-dir.ts'
import { parsePriceList } from './price-file.ts'

const listOf = (...models: readonly object[]): string => JSON.stringify({ date: '2026-11-01', models })
const plain = { model: 'a', input: 1, output: 2 }

test('a file of prices is read with every field it may have', () => {
  const full = {
    ...{ model: 'GPT-*', input: 1, output: 2, cached_input: 3, cache_write: 4, cache_write_1h: 5 },
    ...{ audio_input: 6, image_input: 7, audio_output: 8, image_output: 9 },
    service_tiers: { flex: 0.5 },
    long_context: { over: 10, input: 2, output: 3 },
  }
  expect(parsePriceList(listOf(full, plain))).toEqual({
    source: 'PRICES_FILE',
    date: '2026-11-01',
    models: [
      {
        ...{ model: 'gpt-*', input: 1, output: 2, cachedInput: 3, cacheWrite: 4, cacheWrite1h: 5 },
        ...{ audioInput: 6, imageInput: 7, audioOutput: 8, imageOutput: 9 },
        serviceTiers: { flex: 0.5 },
        longContext: { over: 10, input: 2, output: 3 },
      },
      plain,
    ],
  })
})

test.each([
  ['not JSON', '{', /JSON file/],
  ['a list of models alone', '[]', /JSON file/],
  ['no date', '{"models": []}', /"date" is a day/],
  ['a model without a name', listOf({ input: 1, output: 1 }), /models\[0\] has a "model"/],
  ['a model without output', listOf({ model: 'a', input: 1 }), /"a" also "input" and "output"/],
  ['a field with another name', listOf({ ...plain, cachedInput: 1 }), /of "a" only input, .*"cachedInput"/],
  ['a price as text', listOf({ ...plain, input: '1' }), /"input" of "a" is a number/],
  ['a negative tier', listOf({ ...plain, service_tiers: { flex: -1 } }), /"service_tiers.flex" of "a"/],
  [
    'a long context without a limit',
    listOf({ ...plain, long_context: { input: 2 } }),
    /long_context: "over"/,
  ],
])('a file with %s is refused with the reason', (_what, text, reason) => {
  expect(() => parsePriceList(text)).toThrow(reason)
})

test('a wrong PRICES_FILE is named like every other wrong setting', () => {
  const file = join(tempDir(), 'prices.json')
  expect(() => loadConfig({ PRICES_FILE: file })).toThrow(
    /^PRICES_FILE must be a file .*ENOENT.*prices\.json/,
  )
  writeFileSync(file, listOf(plain))
  expect(loadConfig({ PRICES_FILE: file }).ownPrices?.models).toEqual([plain])
})
