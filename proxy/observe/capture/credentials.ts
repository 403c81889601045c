import type { Json, JsonObject } from '../../../shared/json.ts'
import { maskCredentials } from '../../../shared/mask-credentials.ts'

/** Fields, in lower case, that hold a credential where their value is a text; in a JSON schema it is an object. */
const credentialFields = new Set([
  ...['authorization', 'api_key', 'apikey', 'api-key', 'access_token', 'refresh_token'],
  // Anthropic's `mcp_servers`.
  'authorization_token',
  'x-api-key',
  ...['client_secret', 'secret_key', 'password'],
])

/**
 * True for the fields above, for what OpenAI sends to an MCP server on the caller's behalf, and for the ephemeral
 * keys (`ek_`) that OpenAI creates for browsers.
 */
function isCredential(parent: JsonObject, field: string, value: Json): boolean {
  if (parent.type === 'mcp' && (field === 'authorization' || field === 'headers')) return true
  if (typeof value !== 'string') return false
  return credentialFields.has(field.toLowerCase()) || (field === 'value' && value.startsWith('ek_'))
}

/**
 * @returns the mark in place of a credential; the address of a tool server, OpenAI's `server_url` and Anthropic's
 * `mcp_servers[].url`, without user, password and query values; anything else as it is
 */
export function withoutCredentials(parent: JsonObject, field: string, value: Json): Json {
  if (isCredential(parent, field, value)) return credentialMark
  const isAddress = field === 'server_url' || (field === 'url' && parent.type === 'url')
  return isAddress && typeof value === 'string' ? maskCredentials(value) : value
}

/** Replaces a credential. */
export const credentialMark = '[credential]'
