import { maskCredentials } from '../../shared/mask-credentials.ts'
import { sanitize } from '../terminal/text-width.ts'
import { type Check, runCheck } from './check.ts'
import type { Finding } from './reach/finding.ts'

export type NamedFinding = Finding & { readonly name: string }

/** Runs all of them at once. @returns what they found, in their order */
export function runChecks(checks: readonly Check[], timeoutMs: number): Promise<readonly NamedFinding[]> {
  return Promise.all(checks.map(async (check) => masked(check.name, await runCheck(check, timeoutMs))))
}

/** Addresses stand in summaries and in what to type, and may have credentials. */
export function masked(name: string, { state, summary, remedy }: Finding): NamedFinding {
  const shown = { name, state, summary: sanitize(maskCredentials(summary)) }
  return remedy === undefined ? shown : { ...shown, remedy: sanitize(maskCredentials(remedy)) }
}
