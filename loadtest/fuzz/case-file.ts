import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FuzzCase } from './case.ts'

/** Writes a case and its problems to a file. @returns the file, for `--replay` */
export function writeCase(fuzzCase: FuzzCase, problems: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'threadtap-fuzz-case-'))
  const file = join(folder, `seed-${fuzzCase.seed}-case-${fuzzCase.index}.json`)
  writeFileSync(file, JSON.stringify({ problems, ...fuzzCase }, undefined, 1))
  return file
}

/** Reads a case from a file of `writeCase`. */
export function readCase(file: string): FuzzCase {
  return JSON.parse(readFileSync(file, 'utf8'), (_key, value: unknown) => toBuffer(value) ?? value)
}

/** `Buffer` serialises to `{"type": "Buffer", "data": [...]}`. */
function toBuffer(value: unknown): Buffer | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('data' in value))
    return undefined
  return value.type === 'Buffer' && Array.isArray(value.data) ? Buffer.from(value.data) : undefined
}
