import type { Json, JsonObject } from '../../../shared/json.ts'

/** Fields that hold a credential where their value is a text; in a JSON schema it is an object. */
const credentialFields = new Set([
  ...['authorization', 'api_key', 'apiKey', 'api-key', 'access_token', 'refresh_token'],
  // Anthropic's `mcp_servers`.
  'authorization_token',
  'x-api-key',
  ...['client_secret', 'secret_key', 'password'],
])

/**
 * True for the fields above, for what OpenAI sends to an MCP server on the caller's behalf, and for the ephemeral
 * keys (`ek_`) that OpenAI creates for browsers.
 */
export function isCredential(parent: JsonObject, field: string, value: Json): boolean {
  if (parent.type === 'mcp' && (field === 'authorization' || field === 'headers')) return true
  if (typeof value !== 'string') return false
  return credentialFields.has(field) || (field === 'value' && value.startsWith('ek_'))
}

/** Replaces a credential. */
export const credentialMark = '[credential]'
