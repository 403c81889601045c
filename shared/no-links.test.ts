import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLevel } from './disk/open-level.ts'
import {
  appendFlags,
  linksIn,
  makeOwnFolder,
  namesInOwnFolder,
  readOwnFileSync,
  SymbolicLink,
  writeFlags,
} from './no-links.ts'
import { tempDir } from './testing/temp-dir.ts'
import { writeAtomically } from './write-atomically.ts'

/** A data folder with a link to a folder of somebody else, and one to a file there. */
function linked() {
  const outside = tempDir()
  writeFileSync(join(outside, 'file'), 'theirs')
  const inside = tempDir()
  const [folder, file] = [join(inside, 'folder'), join(inside, 'file')]
  symlinkSync(outside, folder)
  symlinkSync(join(outside, 'file'), file)
  const untouched = () =>
    readdirSync(outside).join() === 'file' && readFileSync(join(outside, 'file'), 'utf8') === 'theirs'
  return { inside, folder, file, untouched }
}

test('a folder that is a link is neither used nor listed', async () => {
  const { inside, folder, untouched } = linked()
  await expect(makeOwnFolder(folder)).rejects.toThrow(SymbolicLink)
  await expect(openLevel(folder, { onRepair: () => undefined })).rejects.toThrow('is a symbolic link')
  expect(await namesInOwnFolder(folder)).toEqual([])
  expect(await linksIn(inside)).toEqual(expect.arrayContaining(['folder', 'file']))
  expect(untouched()).toBe(true)
})

test('a file that is a link is neither read nor written; one that is written whole takes its place', async () => {
  const { file, untouched } = linked()
  const looped = expect.objectContaining({ code: 'ELOOP' })
  await expect(appendFile(file, 'ours', { flag: appendFlags })).rejects.toThrow(looped)
  await expect(writeFile(file, 'ours', { flag: writeFlags })).rejects.toThrow(looped)
  expect(() => readOwnFileSync(file)).toThrow(looped)
  await writeAtomically(file, 'ours')
  expect(lstatSync(file).isSymbolicLink()).toBe(false)
  expect(untouched()).toBe(true)
})

test('a database with a link among its files is not opened', async () => {
  const { file, untouched } = linked()
  const dir = join(tempDir(), 'store')
  mkdirSync(dir)
  symlinkSync(file, join(dir, '000003.log'))
  await expect(openLevel(dir, { onRepair: () => undefined })).rejects.toThrow('000003.log is a symbolic link')
  expect(untouched()).toBe(true)
})

test('what is missing is made, and what is there is used', async () => {
  const folder = join(tempDir(), 'a', 'b')
  await makeOwnFolder(folder)
  await makeOwnFolder(folder)
  await writeFile(join(folder, 'x'), '1', { flag: writeFlags })
  await appendFile(join(folder, 'x'), '2', { flag: appendFlags })
  expect(readOwnFileSync(join(folder, 'x'))).toBe('12')
})
