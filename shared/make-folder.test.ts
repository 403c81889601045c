import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder, makeFolderSync } from './make-folder.ts'
import { tempDir } from './testing/temp-dir.ts'

test('a folder is made with those above it, several times at once', async () => {
  const folder = join(tempDir(), 'a', 'b', 'c')
  await Promise.all([makeFolder(folder), makeFolder(folder), makeFolder(join(folder, 'd'))])
  await makeFolder(folder)
  expect(existsSync(join(folder, 'd'))).toBe(true)
})

test('a file in the way is named', async () => {
  const file = join(tempDir(), 'file')
  writeFileSync(file, '')
  await expect(makeFolder(file)).rejects.toMatchObject({
    code: 'ENOTDIR',
    message: `${file} is not a folder`,
  })
  await expect(makeFolder(join(file, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' })
})

test.runIf(existsSync('/proc/self'))(
  'where no folder can be made there is an error, and no end of trying',
  async () => {
    await expect(makeFolder('/proc/nope/store')).rejects.toMatchObject({ code: 'ENOENT' })
    expect(() => makeFolderSync('/proc/nope/store')).toThrow('ENOENT')
  },
)
