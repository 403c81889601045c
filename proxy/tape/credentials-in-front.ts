/** Joins the credentials of a call, which stand on the tape in front of its beginning, to it. */
export class CredentialsInFront {
  #call = 0
  #text = ''

  /** A frame of credentials. */
  note(call: number, payload: Buffer): void {
    this.#call = call
    this.#text = payload.toString('latin1')
  }

  /** Asked for at the beginning of a call. @returns what the client sent of them; empty where it sent none */
  of(call: number): string {
    return call === this.#call ? this.#text : ''
  }
}
