import type { Json } from '../../../shared/json.ts'

/** @returns how many bytes the base64 text decodes to; 0 for other values */
export const base64Bytes = (value: Json | undefined): number =>
  typeof value === 'string' ? Buffer.byteLength(value, 'base64') : 0
