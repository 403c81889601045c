import { isJsonObject, parseJson } from '../../../shared/json.ts'

/** The two ways into Langfuse: OTLP over HTTP, or its older batch ingestion API. */
export type Protocol = 'otlp' | 'ingestion'

export type ServerVersion = { readonly major: number; readonly minor: number; readonly patch: number }

/** @returns the version in the body of `GET /api/public/health`, as the server spells it; undefined without one */
export function versionInHealth(body: string): string | undefined {
  const health = parseJson(body)
  return isJsonObject(health) && typeof health.version === 'string' ? health.version : undefined
}

// Servers report `3.199.0`, `v4.16.0` and, before a release, `4.0.0-rc.1`.
const versionPattern = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+].*)?$/

/** @returns undefined for anything but a version; parts left out are 0, a pre-release counts as its release */
export function parseVersion(text: unknown): ServerVersion | undefined {
  const parts = typeof text === 'string' ? versionPattern.exec(text) : null
  if (parts === null) return undefined
  const [, major, minor = 0, patch = 0] = parts
  return { major: Number(major), minor: Number(minor), patch: Number(patch) }
}

/** Langfuse speaks OTLP since 3.22.0. */
export function protocolForVersion({ major, minor }: ServerVersion): Protocol {
  return major > 3 || (major === 3 && minor >= 22) ? 'otlp' : 'ingestion'
}

/** Langfuse 4 by default rejects every ingestion event except scores, inside a successful response. */
export function acceptsIngestion({ major }: ServerVersion): boolean {
  return major < 4
}
