import type { Json } from '../../../../shared/json.ts'

/** Content that was shortened to a number of characters, and what is missing from it. */
export type Fitted = { readonly value: Json; readonly leftOut?: LeftOut }

/** `characters` of what was recorded; of messages that were left out at capture only their number is known. */
export type LeftOut = { readonly messages?: number; readonly characters?: number }

/** @returns characters as Langfuse's page counts them: a text's own, or those of the JSON */
export const lengthOf = (value: Json): number =>
  typeof value === 'string' ? value.length : JSON.stringify(value).length

/** @param messages that were left out whole */
export function fitted(before: Json, value: Json, messages = 0): Fitted {
  const characters = lengthOf(before) - lengthOf(value)
  if (characters <= 0 && messages === 0) return { value }
  return { value, leftOut: { ...(messages > 0 && { messages }), ...(characters > 0 && { characters }) } }
}
