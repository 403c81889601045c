import type { JsonObject } from '../../../shared/json.ts'

/** Whether an item of the Responses API says that its tool failed; `"error": null` says nothing. */
export const isFailed = ({ status, error }: JsonObject): boolean =>
  status === 'failed' || (error !== undefined && error !== null)
