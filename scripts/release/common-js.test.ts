import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { tempDir } from '../../shared/testing/temp-dir.ts'
import { withCommonJs } from './common-js.ts'

const map = JSON.stringify({ version: 3, sources: ['a.ts'], mappings: 'AAAA;AACA' })

test('a module that names what CommonJS has gets it, and its source map goes on to fit', async () => {
  const text = '#!/usr/bin/env node\nexport const at = [require("node:path").sep, __dirname, __filename]\n'
  const [module, itsMap] = withCommonJs([
    { path: 'a.js', text },
    { path: 'a.js.map', text: map },
  ])
  const file = join(tempDir(), 'a.mjs')
  writeFileSync(file, module?.text ?? '')
  const { at } = await import(pathToFileURL(file).href)
  expect(at).toEqual(['/', join(file, '..'), file])
  expect(module?.text.split('\n')[0]).toBe('#!/usr/bin/env node')
  expect(module?.text.split('\n').length).toBe(text.split('\n').length + 1)
  expect(JSON.parse(itsMap?.text ?? '').mappings).toBe(';AAAA;AACA')
})

test('other modules stay as they are', () => {
  const files = [
    { path: 'b.js', text: 'export const required = __require("x")\n' },
    { path: 'b.js.map', text: map },
  ]
  expect(withCommonJs(files)).toEqual(files)
})
