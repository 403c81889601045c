/** What a command has to say on standard output, and whether all is well: the exit code. */
export type Outcome = { readonly text: string; readonly ok: boolean }

/** A command that could not do its work; the message is one plain sentence for the person who called it. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
}
