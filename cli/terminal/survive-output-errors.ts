import { codeOf } from '../../shared/error-cause.ts'

type Output = { on(event: 'error', listener: (cause: Error) => void): unknown }

/**
 * Output that nobody takes is no reason to end, least of all for a process that relays calls: without a listener the error
 * ends it. A reader that has seen enough (`| head -1`) is no failure either; anything else, such as a full disk, is.
 * @param onFailure called with a sentence for people
 */
export function surviveOutputErrors(
  { stdout, stderr }: { readonly stdout: Output; readonly stderr: Output },
  onFailure: (sentence: string) => void,
): void {
  stdout.on('error', (cause) => {
    if (codeOf(cause) !== 'EPIPE') onFailure(`Standard output cannot be written: ${cause.message}.`)
  })
  // Where this fails there is nowhere left to say so.
  stderr.on('error', () => undefined)
}
