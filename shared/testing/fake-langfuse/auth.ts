import { type FakeResponse, invalidCredentials, jsonResponse } from './responses.ts'

export type Keys = { readonly publicKey: string; readonly secretKey: string }

/** `project`: both keys. `scores`: the public key alone, as a browser has it. */
export type Access = 'project' | 'scores' | FakeResponse

/** @param isOtlp the two endpoints word their rejections differently */
export function accessOf(authorization: string | undefined, keys: Keys, isOtlp: boolean): Access {
  const reject = (message: string): FakeResponse =>
    jsonResponse(401, isOtlp ? { message } : { error: 'UnauthorizedError', message })
  if (authorization === undefined) return reject('No authorization header')
  const [scheme, credentials] = authorization.split(' ', 2)
  if (scheme === 'Bearer' && credentials === keys.publicKey) {
    return isOtlp
      ? jsonResponse(403, {
          message: 'Access denied: Bearer auth and org api keys are not allowed to access',
        })
      : 'scores'
  }
  const expected = Buffer.from(`${keys.publicKey}:${keys.secretKey}`).toString('base64')
  return scheme === 'Basic' && credentials === expected ? 'project' : reject(invalidCredentials)
}
