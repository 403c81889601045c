import type { Json, JsonObject } from '../../../../shared/json.ts'
import { omitUndefined } from '../../../../shared/omit-undefined.ts'

/** What a caller may decide: LANGFUSE_CALLER_FIELDS. */
export type CallerField = 'prompt' | 'version' | 'release' | 'environment' | 'public'

export type CallerFields = {
  /** Langfuse links the generation to this version of a prompt, where it has it. */
  readonly prompt?: { readonly name: string; readonly version: number }
  readonly version?: string
  readonly release?: string
  /** Anybody with the link may read the trace. */
  readonly public?: true
}

const keys = {
  promptName: 'langfuse_prompt_name',
  promptVersion: 'langfuse_prompt_version',
  version: 'langfuse_version',
  release: 'langfuse_release',
  public: 'langfuse_public',
} as const

/** Longer ones are dropped by Langfuse's own SDKs. */
const maxLength = 200

/**
 * Takes what callers say to Langfuse out of their metadata, as far as they may say it; the rest stays there.
 * @param allowed never more than the operator lists: a tenant's header must not publish another's traces
 */
export function readCallerFields(
  metadata: JsonObject,
  allowed: ReadonlySet<CallerField>,
): { readonly fields: CallerFields; readonly rest: JsonObject } {
  const prompt = allowed.has('prompt') ? promptOf(metadata) : undefined
  const version = allowed.has('version') ? textOf(metadata[keys.version]) : undefined
  const release = allowed.has('release') ? textOf(metadata[keys.release]) : undefined
  const isPublic = allowed.has('public') && String(metadata[keys.public]).toLowerCase() === 'true'
  const taken = new Set<string>([
    ...(prompt === undefined ? [] : [keys.promptName, keys.promptVersion]),
    ...(version === undefined ? [] : [keys.version]),
    ...(release === undefined ? [] : [keys.release]),
    ...(isPublic ? [keys.public] : []),
  ])
  if (taken.size === 0) return { fields: {}, rest: metadata }
  return {
    fields: omitUndefined({ prompt, version, release, public: isPublic ? true : undefined }) as CallerFields,
    rest: Object.fromEntries(Object.entries(metadata).filter(([key]) => !taken.has(key))),
  }
}

/** Both or neither: ingestion refuses an event with one of them. */
function promptOf(metadata: JsonObject): CallerFields['prompt'] {
  const name = textOf(metadata[keys.promptName])
  const version = Number(metadata[keys.promptVersion] ?? Number.NaN)
  return name === undefined || !Number.isSafeInteger(version) || version < 1 ? undefined : { name, version }
}

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= maxLength ? value : undefined
