/** @returns the `authorization` header of a project's key pair, as Basic authentication (RFC 7617) */
export function basicAuthorization(publicKey: string, secretKey: string): string {
  return `Basic ${Buffer.from(`${publicKey}:${secretKey}`).toString('base64')}`
}
