import type { Json, JsonObject } from '../../../shared/json.ts'

/** Names of fields that hold a credential where their value is a text; in a JSON schema it is an object. */
const names = new Set([
  ...['authorization', 'api_key', 'apiKey', 'api-key', 'access_token', 'refresh_token'],
  ...['client_secret', 'secret_key', 'password'],
])

/**
 * True for what opens something: a field that is called so, what OpenAI sends to an MCP server on the caller's
 * behalf, and the keys that it makes for browsers.
 */
export function isCredential(holder: JsonObject, name: string, value: Json): boolean {
  if (holder.type === 'mcp' && (name === 'authorization' || name === 'headers')) return true
  return typeof value === 'string' && (names.has(name) || (name === 'value' && value.startsWith('ek_')))
}

/** Stands in the place of a credential. */
export const credentialMark = '[credential]'
