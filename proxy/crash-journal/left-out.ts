import { kinds } from '../tape/messages.ts'

/** A frame of the journal alone: bytes of the call's bodies that it was shown and does not hold, `<request>,<response>`. */
export const leftOutKind = 100

export type BodyBytes = { request: number; response: number }

export const writeLeftOut = ({ request, response }: Readonly<BodyBytes>): string => `${request},${response}`

export function readLeftOut(payload: Buffer): Readonly<BodyBytes> {
  const [request, response] = payload.toString('latin1').split(',')
  return { request: Number(request), response: Number(response) }
}

/** @returns whose bytes a frame carries, if any */
export function bodyOf(kind: number): keyof BodyBytes | undefined {
  if (kind === kinds.requestData) return 'request'
  return kind === kinds.responseData ? 'response' : undefined
}
