import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Small exchanges after public bug reports of other gateways, one folder per kind.
const root = process.env.REPORTED_DIR ?? fileURLToPath(new URL('../../../shared/reported', import.meta.url))

/** For the name of a skipped test, so that it is not taken for a passed one. */
export const reportedMissing = existsSync(root)
  ? undefined
  : `SKIPPED: no reported exchanges at ${root}; set REPORTED_DIR to their folder`

export const isReported = (folder: string, file: string): boolean => existsSync(join(root, folder, file))

export const readReported = (folder: string, file: string): Buffer => readFileSync(join(root, folder, file))

/** @returns every answer that is there: streams, and plain responses */
export function reportedAnswers(): readonly { readonly folder: string; readonly file: string }[] {
  if (reportedMissing !== undefined) return []
  return folders().flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => file.endsWith('.sse') || /response.*\.json$/.test(file))
      .map((file) => ({ folder, file })),
  )
}

/** @returns kinds that are told in words only; empty where the folder is missing */
export function foldersWithoutAnswer(): readonly string[] {
  if (reportedMissing !== undefined) return []
  const withAnswer = new Set(reportedAnswers().map(({ folder }) => folder))
  return folders().filter((folder) => !withAnswer.has(folder))
}

const folders = (): readonly string[] =>
  readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
