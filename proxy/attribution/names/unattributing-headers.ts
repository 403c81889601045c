import { credentialHeaders } from './credential-headers.ts'

/** Headers that recording reads and that attribute nothing; nearly every call has some of them. */
export const unattributingHeaders: readonly string[] = [
  ...credentialHeaders,
  'content-type',
  'content-encoding',
  'idempotency-key',
  'x-request-id',
  'x-stainless-retry-count',
]
