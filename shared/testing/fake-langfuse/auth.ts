import { type Answer, answer, invalidCredentials } from './answers.ts'

export type Keys = { readonly publicKey: string; readonly secretKey: string }

/** `project`: both keys. `scores`: the public key alone, as a browser has it. */
export type Access = 'project' | 'scores' | Answer

/** @param otlp the two endpoints word their refusals differently */
export function accessOf(authorization: string | undefined, keys: Keys, otlp: boolean): Access {
  const refuse = (message: string): Answer =>
    answer(401, otlp ? { message } : { error: 'UnauthorizedError', message })
  if (authorization === undefined) return refuse('No authorization header')
  const [scheme, credentials] = authorization.split(' ', 2)
  if (scheme === 'Bearer' && credentials === keys.publicKey) {
    return otlp
      ? answer(403, { message: 'Access denied: Bearer auth and org api keys are not allowed to access' })
      : 'scores'
  }
  const expected = Buffer.from(`${keys.publicKey}:${keys.secretKey}`).toString('base64')
  return scheme === 'Basic' && credentials === expected ? 'project' : refuse(invalidCredentials)
}
