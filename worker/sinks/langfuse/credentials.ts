/** @returns the `authorization` header of a project's key pair, as Basic authentication (RFC 7617) */
export function basicAuthorization(publicKey: string, secretKey: string): string {
  return `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`
}

/** What cannot be right about a key pair, without its values, and what to type. */
export type KeyProblem = { readonly what: string; readonly remedy: string }

/** Langfuse gives its keys a prefix by their kind; keys of one's own making (LANGFUSE_INIT_...) may have none. */
export function keyProblem(publicKey: string, secretKey: string): KeyProblem | undefined {
  const publicIsSecret = publicKey.startsWith('sk-lf-')
  const secretIsPublic = secretKey.startsWith('pk-lf-')
  const fixed = 'LANGFUSE_PUBLIC_KEY=pk-lf-... LANGFUSE_SECRET_KEY=sk-lf-...'
  if (publicIsSecret && secretIsPublic) {
    return { what: 'the keys are swapped: the public one begins with sk-lf-', remedy: fixed }
  }
  if (publicIsSecret) return { what: 'LANGFUSE_PUBLIC_KEY holds a secret key (sk-lf-...)', remedy: fixed }
  if (secretIsPublic) return { what: 'LANGFUSE_SECRET_KEY holds a public key (pk-lf-...)', remedy: fixed }
  const quoted = [publicKey, secretKey].some((key) => /^["'\s]|["'\s]$/.test(key))
  return quoted ? { what: 'a key has quotes or spaces around it', remedy: fixed } : undefined
}
