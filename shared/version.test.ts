import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readVersion } from './version.ts'

const version: string = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version

test('the version is that of package.json, of the sources and of what is built of them', async () => {
  expect(readVersion()).toBe(version)
  const built: { readVersion(): string } = await import(
    new URL('../dist/shared/version.js', import.meta.url).href
  )
  expect(built.readVersion()).toBe(version)
})
