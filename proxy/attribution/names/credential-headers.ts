/** Headers that say who pays for a call: OpenAI and most others, Azure, Anthropic, Google. */
export const credentialHeaders = ['authorization', 'api-key', 'x-api-key', 'x-goog-api-key'] as const
