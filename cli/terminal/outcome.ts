/** Standard output of a command, and whether it succeeded: exit code 0 or 1. */
export type Outcome = { readonly text: string; readonly ok: boolean }

/** A command that failed; its message is one plain sentence for the person who ran it. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
}
