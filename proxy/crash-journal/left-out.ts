import { kinds } from '../tape/messages.ts'

export type BodyBytes = { request: number; response: number }

/** @returns whose bytes a frame carries, if any */
export function bodyOf(kind: number): keyof BodyBytes | undefined {
  if (kind === kinds.requestData) return 'request'
  return kind === kinds.responseData ? 'response' : undefined
}

/** Frames of a journal alone. Each takes the place of one of a body that is not kept; its payload says how many bytes that had. */
export const leftOutKinds: Readonly<Record<keyof BodyBytes, number>> = { request: 100, response: 101 }

/** @returns whose bytes are missing where such a frame stands */
export function bodyLeftOutBy(kind: number): keyof BodyBytes | undefined {
  if (kind === leftOutKinds.request) return 'request'
  return kind === leftOutKinds.response ? 'response' : undefined
}

export const readLeftOut = (payload: Buffer): number => Number(payload.toString('latin1'))
