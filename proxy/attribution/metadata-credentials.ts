import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'
import { credentialMark } from '../observe/capture/credentials.ts'

/**
 * Names of fields whose texts are credentials, whatever stands before: `token`, `openai_api_key`, `accessToken`. Metadata has no
 * schema; in content `token` is also a piece of text, which is why credentials.ts has fewer names.
 */
const credentialName =
  /(?:^|[-_. ]|(?<=[a-z]))(?:(?:api|access|private|secret|signing|license)[-_]?key|token|secret|passw(?:or)?d|passphrase|credentials?|cookie|authorization)$/i

/** The keys of model APIs, clouds and code hosts, and JSON Web Tokens. */
const credentialText =
  /\b(?:sk|rk)[-_][\w-]{16,}|\b(?:gsk|hf|r8|npm|gh[pousr]|glpat|xai|pplx|nvapi)[-_]\w[\w-]{15,}|\bAIza[\w-]{30,}|\b(?:AKIA|ASIA)[A-Z\d]{16}\b|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/gi

const authorization = /\b(bearer|basic) +[\w.~+/=-]{12,}/gi

/** User and password of a URL. */
const userinfo = /(:\/\/)[^/?#\s"']*@/g

/** Parameters of URLs that are credentials; others stay, as a page that a call is about. */
const keyParameter = /([?&][\w-]*(?:key|token|secret|password|signature|sig|auth|credential)=)[^&#\s"']+/gi

/** @returns metadata without credentials; the same where there is none, which is nearly always */
export function withoutCredentialsInMetadata(metadata: JsonObject): JsonObject {
  return maskObject(metadata)
}

function mask(value: Json): Json {
  if (typeof value === 'string') return maskText(value)
  if (Array.isArray(value)) {
    const masked = value.map(mask)
    return masked.every((item, at) => item === value[at]) ? value : masked
  }
  return isJsonObject(value) ? maskObject(value) : value
}

function maskObject(object: JsonObject): JsonObject {
  const entries = Object.entries(object) as [string, Json][]
  const masked = entries.map(([name, value]): [string, Json] => [
    name,
    typeof value === 'string' && value !== '' && credentialName.test(name) ? credentialMark : mask(value),
  ])
  return masked.every(([, value], at) => value === entries[at]?.[1]) ? object : Object.fromEntries(masked)
}

function maskText(text: string): string {
  // Shorter than any of them.
  if (text.length < 12) return text
  return text
    .replace(userinfo, '$1***@')
    .replace(keyParameter, '$1***')
    .replace(authorization, `$1 ${credentialMark}`)
    .replace(credentialText, credentialMark)
}
