import type { Json } from '../../../shared/json.ts'

/** @returns how many bytes the text stands for; 0 for what is no text */
export const base64Bytes = (told: Json | undefined): number =>
  typeof told === 'string' ? Buffer.byteLength(told, 'base64') : 0
