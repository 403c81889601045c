import { truncateText } from './text.ts'

/** Bytes (UTF-8) that may still be kept; one allowance is shared by everything kept of one body. */
export type ByteAllowance = { left: number }

/**
 * Spends bytes on a value that is kept whole or not at all.
 * @param refund what the value that it replaces had taken
 * @returns false where the value does not fit; nothing has been spent then
 */
export function trySpend(allowance: ByteAllowance, bytes: number, refund = 0): boolean {
  const room = allowance.left + refund
  if (bytes > room) return false
  allowance.left = room - bytes
  return true
}

/** Spends on as much of a text as fits. @returns the longest prefix that does, in whole code points */
export function takeText(allowance: ByteAllowance, text: string): string {
  if (trySpend(allowance, Buffer.byteLength(text))) return text
  const prefix = truncateText(text, allowance.left)
  allowance.left = Math.min(allowance.left, 0)
  return prefix
}
